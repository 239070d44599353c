"""A delivery over a line that breaks at any byte, carries a few at a time, or brings an answer after the next one.

Every byte is tried by `python -m tests.chaos.network`; here it is every so many, each time others.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_cache.limits import Limits
from tests.fleet.running_platform import RunningPlatform, TestTerminal
from tests.offline_cache.broken_line import Direction, Fault
from tests.offline_cache.cut_delivery import CutDelivery

#: bytes between two cuts; a prime, so that over the runs every place of every message comes
STEP = 421


@pytest.fixture(scope="module")
def pki(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("T-1") / "pki"
    TestTerminal(platform, "T-1", folder)
    return folder


@pytest.fixture
def terminal(platform: RunningPlatform, pki: Path, tmp_path: Path) -> Iterator[CutDelivery]:
    made = CutDelivery(tmp_path, pki, int(platform.url.rpartition(":")[2]))
    yield made
    made.close()


@pytest.mark.parametrize("direction", ["there", "back"])
def test_cut_at_many_places(terminal: CutDelivery, platform: RunningPlatform, direction: Direction) -> None:
    found = list(terminal.every((direction,), STEP, first=random.randrange(STEP)))
    assert len(found) >= 7000 // STEP
    assert [problem for _, problem in found if problem] == []
    assert terminal.books(platform.data) == []


def test_a_few_bytes_at_a_time(terminal: CutDelivery, platform: RunningPlatform) -> None:
    slow = Limits(second_look=0)
    terminal.run(Fault(piece=7), slow)
    terminal.run(Fault(piece=64, pause=0.002), slow)
    assert terminal.books(platform.data) == []


def test_each_answer_in_turn_is_held_back_until_all_is_over(terminal: CutDelivery, platform: RunningPlatform) -> None:
    """The terminal stops waiting, asks again over a new connection, and the old answer comes late, to nobody."""
    impatient = Limits(second_look=0, answer=0.25)
    for piece in range(3, 16):
        terminal.run(Fault(hold=piece), impatient)
    assert terminal.books(platform.data) == []
