"""One platform and one enrolled terminal for all tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fleet.running_platform import RunningPlatform, TestTerminal, running


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform with release 1 of the small city."""
    yield from running(tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="session")
def terminal(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    """The terminal T-1, enrolled."""
    return TestTerminal(platform, "T-1", tmp_path_factory.mktemp("T-1"))
