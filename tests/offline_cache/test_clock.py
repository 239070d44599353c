"""A clock that was set back is noticed, also after a restart; the platform's time corrects it."""

from __future__ import annotations

from pathlib import Path

from offline_cache import Cache
from offline_cache.clock import TOLERANCE, Clock
from offline_cache.facts import Facts


def test_set_back_and_noticed(tmp_path: Path) -> None:
    cache, wall = Cache.open(tmp_path), [5_000_000.0]
    clock = Clock(cache.facts, lambda: wall[0])
    clock.note()
    assert not clock.set_back()
    wall[0] -= TOLERANCE - 1
    assert not clock.set_back()
    wall[0] -= 2
    assert clock.set_back()
    # noting the earlier time must not make it the latest
    clock.note()
    assert clock.set_back()
    assert Clock(Facts(cache.store), lambda: wall[0]).set_back(), "forgotten by a restart"
    wall[0] = 5_000_100.0
    assert not clock.set_back()


def test_the_platforms_time_corrects(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    clock = Clock(cache.facts, lambda: 1000.0)
    cache.facts.tell("clock_drift", 3600)
    assert clock.now() == 4600.0
    clock.note()
    cache.facts.tell("clock_drift", 0)
    assert clock.set_back()


def test_it_is_noted_once_a_minute(tmp_path: Path) -> None:
    cache, wall = Cache.open(tmp_path), [1000.0]
    clock = Clock(cache.facts, lambda: wall[0])
    for second in range(59):
        wall[0] = 1000.0 + second
        clock.note()
    assert cache.facts.ask("latest_time") == 1000.0
    wall[0] = 1061.0
    clock.note()
    assert cache.facts.ask("latest_time") == 1061.0


def test_a_clock_that_jumped_ahead_is_forgotten_when_the_platform_says_the_time(tmp_path: Path) -> None:
    cache, wall = Cache.open(tmp_path), [4_000_000_000.0]
    clock = Clock(cache.facts, lambda: wall[0])
    clock.note()
    wall[0] = 1_800_000_000.0
    assert clock.set_back(), "before anybody says which time is right"
    clock.corrected(3.0)
    assert not clock.set_back() and clock.now() == wall[0] + 3
    wall[0] -= TOLERANCE + 10
    assert clock.set_back(), "from then on it is watched as before"
