"""The time, with a memory: what the platform says it is counts on, whatever happens to this terminal's own clock.

Between two restarts the time goes on from the platform's word by a clock nobody can set (CLOCK_BOOTTIME). After a
restart it is this terminal's clock and what it was behind by; one that was set back meanwhile is noticed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from offline_cache.facts import Facts

#: seconds a clock may go back without a word: the platform's time corrects by as much
TOLERANCE = 120.0
#: seconds between two notes of the time: what a clock can be set back by unnoticed, beyond the tolerance
NOTED_EVERY = 60.0
#: seconds by which what the platform says must differ from what is known before it is written down anew
WORTH_NOTING = 0.5
#: a platform that says another year than these is wrong itself
FIRST_YEAR, LAST_YEAR = 2024, 2199


def since_boot() -> float:
    """Seconds since the machine was started, also those it slept; nobody sets this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def boot_id() -> str:
    """A name for this start of the machine, so that `since_boot` is never compared across two."""
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()


class Clock:
    """Seconds since 1970 as the platform counts them, and the latest time that was ever seen."""

    def __init__(
        self,
        facts: Facts,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = since_boot,
        boot: str | None = None,
    ) -> None:
        self._facts = facts
        self._clock = clock
        self._steady = steady
        self._boot = boot or boot_id()
        self._noted = 0.0

    def now(self) -> float:
        """The corrected time."""
        known = self._facts.ask("platform_time")
        if known and known["boot"] == self._boot:
            return float(known["booted_at"]) + self._steady()
        return self._clock() + float(self._facts.ask("clock_drift", 0.0))

    def today(self) -> datetime:
        """The corrected time as a moment in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def set_back(self) -> bool:
        """Whether the clock shows a time that is over already: then nothing that runs out can be judged."""
        return self.now() < float(self._facts.ask("latest_time", 0.0)) - TOLERANCE

    def learn(self, platform_time: datetime, asked: float, answered: float) -> bool:
        """The platform said its time in an answer; `asked` and `answered` are those moments by `since_boot`.

        It was said half way between them, so this is right to half the round trip. A later time than the platform's
        is that of a clock that had jumped ahead; it must not refuse codes for good. False for a time that no platform
        has. Raises CacheFull.
        """
        if not FIRST_YEAR <= platform_time.year <= LAST_YEAR:
            return False
        said, now = platform_time.timestamp(), self._steady()
        booted_at = said - (asked + answered) / 2
        known = self._facts.ask("platform_time") or {}
        same = known.get("boot") == self._boot and abs(known["booted_at"] - booted_at) < WORTH_NOTING
        drift = round(booted_at + now - self._clock())
        if not same:
            self._facts.tell("platform_time", {"boot": self._boot, "booted_at": booted_at})
        if drift != self._facts.ask("clock_drift", 0):
            self._facts.tell("clock_drift", drift)
        if self.set_back():
            self._facts.tell("latest_time", self.now())
        return True

    def note(self) -> None:
        """Remember the time, once a minute. Raises CacheFull."""
        now = self.now()
        if now - self._noted < NOTED_EVERY and now >= self._noted:
            return
        self._noted = now
        if now > float(self._facts.ask("latest_time", 0.0)):
            self._facts.tell("latest_time", now)
