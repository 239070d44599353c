"""A little of the chaos run, so that it stays true: a terminal and its agent killed in whole visits, then the books."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.visits import Chaos
from tests.journeys.town_hall import TownHall


@pytest.mark.timeout(300)
def test_killed_in_the_middle_nothing_is_lost_or_doubled(hall: TownHall, tmp_path: Path) -> None:
    chaos = Chaos(hall, tmp_path, seed=20261128)
    try:
        chaos.at_random(14)
        assert chaos.after_each_step("agent", 2) == 2
        chaos.settle()
        said = chaos.books.audit()
    finally:
        chaos.close()
        hall.repair()
    assert not chaos.books.problems, (said, chaos.books.problems)
    assert chaos.terminals.kills["agent"] > 5 and chaos.visits > 1
