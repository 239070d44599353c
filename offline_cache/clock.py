"""The time, with a memory: a clock that was set back is noticed, across restarts, without a network."""

from __future__ import annotations

import time
from collections.abc import Callable

from offline_cache.facts import Facts

#: seconds a clock may go back without a word: the platform's time corrects by as much
TOLERANCE = 120.0
#: seconds between two notes of the time: what a clock can be set back by unnoticed, beyond the tolerance
NOTED_EVERY = 60.0


class Clock:
    """Seconds since 1970, corrected by what the platform last said, and the latest time that was ever seen."""

    def __init__(self, facts: Facts, clock: Callable[[], float] = time.time) -> None:
        self._facts = facts
        self._clock = clock
        self._noted = 0.0

    def now(self) -> float:
        """The corrected time. `clock_drift` is what the platform's clock is ahead by, learned at each heartbeat."""
        return self._clock() + float(self._facts.ask("clock_drift", 0.0))

    def set_back(self) -> bool:
        """Whether the clock shows a time that is over already: then nothing that runs out can be judged."""
        return self.now() < float(self._facts.ask("latest_time", 0.0)) - TOLERANCE

    def corrected(self, drift: float) -> None:
        """The platform's clock is `drift` seconds ahead of this one. Raises CacheFull.

        A later time than the platform's is that of a clock that had jumped ahead; it must not refuse codes for good.
        """
        self._facts.tell("clock_drift", round(drift))
        if self.set_back():
            self._facts.tell("latest_time", self.now())

    def note(self) -> None:
        """Remember the time, once a minute. Raises CacheFull."""
        now = self.now()
        if now - self._noted < NOTED_EVERY and now >= self._noted:
            return
        self._noted = now
        if now > float(self._facts.ask("latest_time", 0.0)):
            self._facts.tell("latest_time", now)
