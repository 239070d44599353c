"""A clock that was set back is noticed, also after a restart; the platform's time corrects it, whatever it shows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from offline_cache import Cache
from offline_cache.clock import TOLERANCE, Clock

PLATFORM = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Machine:
    """The clocks of one machine: the wall's can be set, the other only goes on."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.wall, self.steady = 5_000_000.0, 50.0

    def clock(self, boot: str = "first") -> Clock:
        return Clock(self.cache.facts, lambda: self.wall, lambda: self.steady, boot)

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(Cache.open(tmp_path))


def test_set_back_and_noticed(machine: Machine) -> None:
    clock = machine.clock()
    clock.note()
    assert not clock.set_back()
    machine.wall -= TOLERANCE - 1
    assert not clock.set_back()
    machine.wall -= 2
    assert clock.set_back()
    # noting the earlier time must not make it the latest
    clock.note()
    assert clock.set_back()
    assert machine.clock("second").set_back(), "forgotten by a restart"
    machine.wall = 5_000_100.0
    assert not clock.set_back()


def test_it_is_noted_once_a_minute(machine: Machine) -> None:
    clock = machine.clock()
    for _ in range(59):
        clock.note()
        machine.passes(1)
    assert machine.cache.facts.ask("latest_time") == 5_000_000.0
    machine.passes(2)
    clock.note()
    assert machine.cache.facts.ask("latest_time") == 5_000_061.0


def test_half_the_round_trip_is_taken_off(machine: Machine) -> None:
    clock = machine.clock()
    asked = machine.steady
    machine.passes(4)  # the platform said its time two seconds ago
    assert clock.learn(PLATFORM, asked, machine.steady)
    assert clock.now() == pytest.approx(PLATFORM.timestamp() + 2)
    machine.passes(10)
    assert clock.now() == pytest.approx(PLATFORM.timestamp() + 12)
    assert clock.today().year == 2026


@pytest.mark.parametrize("wall", [0.0, 946_684_800.0, 5_000_000_000.0])
def test_whatever_the_wall_clock_shows_the_time_is_the_platforms(machine: Machine, wall: float) -> None:
    machine.wall = wall
    clock = machine.clock()
    clock.learn(PLATFORM, machine.steady, machine.steady)
    machine.wall = 1_000_000.0  # and it is set again, to something as wrong
    machine.passes(30)
    assert clock.now() == pytest.approx(PLATFORM.timestamp() + 30)
    assert not clock.set_back()
    machine.passes(1)
    assert machine.clock().now() == pytest.approx(PLATFORM.timestamp() + 31), "another program of this terminal"


def test_after_a_restart_it_is_the_wall_clock_and_what_it_was_behind_by(machine: Machine) -> None:
    machine.clock().learn(PLATFORM, machine.steady, machine.steady)
    machine.wall += 3600  # switched off for an hour
    machine.steady = 3.0
    assert machine.clock("second").now() == pytest.approx(PLATFORM.timestamp() + 3600, abs=1)


def test_a_clock_that_jumped_ahead_is_forgotten_when_the_platform_says_the_time(machine: Machine) -> None:
    machine.wall = 4_000_000_000.0
    clock = machine.clock()
    clock.note()
    machine.wall = PLATFORM.timestamp()
    assert clock.set_back(), "before anybody says which time is right"
    clock.learn(PLATFORM, machine.steady, machine.steady)
    assert not clock.set_back()
    later = machine.clock("second")
    later.note()
    machine.wall -= TOLERANCE + 10
    assert later.set_back(), "from then on it is watched as before"


@pytest.mark.parametrize("year", [1, 1970, 2000, 2023, 2200, 9999])
def test_a_time_that_no_platform_has_is_not_learned(machine: Machine, year: int) -> None:
    clock = machine.clock()
    assert not clock.learn(PLATFORM.replace(year=year), 1.0, 1.0)
    assert clock.now() == machine.wall


def test_an_answer_like_the_last_is_not_written_again(machine: Machine) -> None:
    clock, written = machine.clock(), "select changed_at from facts where name = 'platform_time'"
    clock.learn(PLATFORM, machine.steady, machine.steady)
    before = machine.cache.store.db.execute(written).fetchall()
    clock.learn(PLATFORM, machine.steady + 0.1, machine.steady + 0.1)
    assert machine.cache.store.db.execute(written).fetchall() == before != []
