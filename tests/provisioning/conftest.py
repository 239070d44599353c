"""One platform for all tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fleet.running_platform import RunningPlatform, running


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform with release 1 of the small city and the terminals T-1 to T-5."""
    yield from running(tmp_path_factory.mktemp("fleet"))
