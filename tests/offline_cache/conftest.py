"""A terminal's memory in a fresh folder, and a disk so small that it fills up."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from offline_cache import Cache
from offline_cache.visits import Visit
from tests.fleet.running_platform import RunningPlatform, make_platform, running
from tests.offline_cache.release_shelf import Shelf, Terminal


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    """The memory of a terminal that has just been switched on for the first time."""
    opened = Cache.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def visit(cache: Cache) -> Visit:
    """A citizen at the terminal."""
    return cache.visits.begin()


@contextmanager
def _disk(folder: Path, size: str) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True, timeout=10)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=10)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MB."""
    with _disk(tmp_path / "disk", "2m") as disk:
        yield disk


@pytest.fixture
def large_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 128 MB: room for visits."""
    with _disk(tmp_path / "large", "128m") as disk:
        yield disk


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform (real nginx, real uvicorn) with release 1 of the small city."""
    yield from running(tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform's data folder with release 1, made by the commands operators type."""
    return make_platform(tmp_path_factory.mktemp("published"))


@pytest.fixture
def shelf(published: Path, tmp_path: Path) -> Iterator[Shelf]:
    opened = Shelf(Path(shutil.copytree(published, tmp_path / "platform")))
    yield opened
    opened.close()


@pytest.fixture
def terminal(shelf: Shelf, tmp_path: Path) -> Terminal:
    """A terminal with release 1 installed."""
    new = Terminal(tmp_path / "terminal", shelf)
    assert new.refresh() == 1
    return new
