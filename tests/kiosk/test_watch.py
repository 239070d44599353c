"""The end of a visit: silence, the longest time, a card that was lifted; told in time, and never too soon."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.journey.watch import Asks, Ends, Watch
from offline_cache.visit_rules import PageRules, VisitRules

RULES = replace(VisitRules.load(), longest=1000, told_before=(300, 60), card_back_within=15)
PAGE, QUIET = PageRules(60, 20), PageRules(0, 0)


class Clock:
    def __init__(self) -> None:
        self.time = 50.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(clock: Clock) -> Watch:
    return Watch(RULES, clock)


def test_silence(watch: Watch, clock: Clock) -> None:
    watch.begin()
    clock.time += 59
    assert watch.look(PAGE) is None
    clock.time += 1
    assert watch.look(PAGE) == Asks("idle", 20)
    clock.time += 19
    assert watch.look(PAGE) == Asks("idle", 1)
    assert watch.look(QUIET) is None
    clock.time += 1
    assert watch.look(PAGE) == Ends("idle")
    watch.touched()
    assert watch.look(PAGE) is None


def test_the_longest_time(watch: Watch, clock: Clock) -> None:
    watch.begin()
    for _ in range(14):
        clock.time += 50
        watch.touched()
        assert clock.time - 50 == 700 or watch.look(PAGE) is None
    assert watch.look(PAGE) == Asks("longest", 300)
    watch.told()
    assert watch.look(PAGE) is None
    clock.time += 240
    watch.touched()
    assert watch.look(PAGE) == Asks("longest", 60)
    watch.told()
    clock.time += 59
    watch.touched()
    assert watch.look(PAGE) is None
    clock.time += 1
    watch.touched()
    # also on a page that never asks: nobody holds a terminal for ever
    assert watch.look(QUIET) == Ends("longest")
    watch.end()
    assert watch.look(QUIET) is None


def test_the_card(watch: Watch, clock: Clock) -> None:
    watch.begin()
    watch.card_lifted()
    assert watch.waits_for_card and watch.look(PAGE) == Asks("card", 15)
    clock.time += 14
    assert watch.look(PAGE) == Asks("card", 1)
    watch.card_back()
    assert not watch.waits_for_card and watch.look(PAGE) is None
    watch.card_lifted()
    clock.time += 15
    assert watch.look(PAGE) == Ends("card")
    watch.begin()
    assert watch.look(PAGE) is None


def test_nobody_is_watched_before_a_visit(watch: Watch, clock: Clock) -> None:
    clock.time += 100_000
    assert watch.look(QUIET) is None
