"""Online or offline, with hysteresis: a line that flaps does not make the screen flap."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

State = Literal["unknown", "online", "offline"]

#: what is in the way, for a technician: nothing, no answer, a wrong clock, something else that answers, a terminal
#: that is shut out, a platform that cannot at the moment
NetworkProblem = Literal["", "unreachable", "clock", "not_the_platform", "shut_out", "busy"]

#: failures in a row, with nothing good in between, before the network counts as down; one lost packet is no outage
FAILURES_TO_OFFLINE = 2
#: seconds from the first of them to the last: a switch that is plugged anew is no outage either
SECONDS_TO_OFFLINE = 2.0
#: good exchanges in a row before it counts as back; a line that carries one request in two is of no use to a citizen
GOODS_TO_ONLINE = 2


class Network:
    """What a citizen is told. Nothing is known before the first exchange; a first good one is enough then."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._bad = self._good = 0
        self._bad_since = 0.0
        self.state: State = "unknown"

    @property
    def settled(self) -> bool:
        """Whether the last exchanges were all alike what is told; else it is worth to look again soon."""
        return self._bad == 0 and self.state == "online"

    def good(self) -> bool:
        """An answer that only the platform gives; whether the network is back by this."""
        self._bad, self._good = 0, self._good + 1
        back = self.state == "unknown" or (self.state == "offline" and self._good >= GOODS_TO_ONLINE)
        if back:
            self.state = "online"
        return back

    def bad(self) -> bool:
        """No answer, or one that no platform gives; whether the network is down by this."""
        if not self._bad:
            self._bad_since = self._clock()
        self._bad, self._good = self._bad + 1, 0
        lasted = self._clock() - self._bad_since >= SECONDS_TO_OFFLINE
        down = self.state != "offline" and self._bad >= FAILURES_TO_OFFLINE and lasted
        if down:
            self.state = "offline"
        return down
