"""When what failed is tried again: planned on the monotonic clock, so that no jump of the wall clock matters."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

#: seconds the first wait may take; each further one may take twice as long
FIRST_RETRY = 0.5
#: longest wait between two tries: an outage of a day ends within a minute for everyone
LONGEST_RETRY = 60.0
#: shortest wait: full jitter begins at nothing, and nothing is tried twice in one breath
SHORTEST_RETRY = 0.05


class Retries:
    """The plan of one process. Entries are known by their id; what it has not heard of was not tried yet.

    Full jitter: a wait is anything up to its limit, so that terminals cut off together do not come back together.
    Who was tried longest ago is first: one slow entry goes to the end of the queue each time.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, jitter: Callable[[float, float], float] = random.uniform
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._due: dict[str, float] = {}
        self._tried: dict[str, float] = {}

    def ready(self, identifier: str, attempts: int) -> bool:
        """Whether its time has come. After a restart, what failed before (`attempts`) waits as after its last try."""
        if attempts and identifier not in self._due:
            self.wait(identifier, attempts - 1)
        return self._due.get(identifier, 0.0) <= self._clock()

    def tried(self, identifier: str) -> float:
        """When it was tried last; 0 for never."""
        return self._tried.get(identifier, 0.0)

    def trying(self, identifier: str) -> None:
        """It is being tried now."""
        self._tried[identifier] = self._clock()

    def wait(self, identifier: str, attempts: int) -> float:
        """It failed for the `attempts`+1st time; the seconds until it is tried again."""
        # 2 to the attempts of half a day is no float any more
        longest = min(FIRST_RETRY * 2 ** min(attempts, 16), LONGEST_RETRY)
        return self.after(identifier, self._jitter(SHORTEST_RETRY, longest))

    def after(self, identifier: str, seconds: float) -> float:
        """Not before `seconds` have passed."""
        self._due[identifier] = self._clock() + seconds
        return seconds

    def now(self, identifier: str) -> None:
        """It is due."""
        self._due[identifier] = 0.0

    def forget(self, identifier: str) -> None:
        """There is nothing to try any more."""
        self._due.pop(identifier, None)
        self._tried.pop(identifier, None)
