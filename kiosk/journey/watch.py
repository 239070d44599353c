"""Looks after the end of a visit: silence, the longest time, a card that was lifted. The numbers are the rules'."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from offline_cache.visit_rules import PageRules, VisitRules


@dataclass(frozen=True)
class Asks:
    """The citizen is to be asked or told; after `seconds` the visit ends by itself."""

    kind: Literal["idle", "longest", "card"]
    seconds: int


@dataclass(frozen=True)
class Ends:
    """The visit is over, for this reason of the rules."""

    reason: Literal["idle", "longest", "card"]


class Watch:
    """One for a terminal. `look` is asked a few times a second; everything else tells it what happened."""

    def __init__(self, rules: VisitRules, clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._clock = clock
        self._touched = clock()
        self._began: float | None = None
        self._told = 0
        self._lifted: float | None = None

    def touched(self) -> None:
        """Somebody did something."""
        self._touched = self._clock()

    @property
    def silent(self) -> float:
        """Seconds since somebody did something."""
        return self._clock() - self._touched

    def begin(self) -> None:
        """A visit begins."""
        self._began, self._told, self._lifted = self._clock(), 0, None
        self.touched()

    def end(self) -> None:
        """The visit is over: there is nothing more to look after."""
        self._began = self._lifted = None

    def told(self) -> None:
        """The citizen has read how long is left: the next time of the rules is the next to be told."""
        left = self._left()
        self._told = sum(1 for before in self._rules.told_before if left is not None and left <= before)

    def card_lifted(self) -> None:
        """The card that must stay was lifted."""
        self._lifted = self._clock()

    def card_back(self) -> None:
        """The same card lies there again."""
        self._lifted = None

    @property
    def waits_for_card(self) -> bool:
        """Whether the card that must stay is away."""
        return self._lifted is not None

    def look(self, page: PageRules) -> Asks | Ends | None:
        """What is to be said now, on a page with these rules; None for nothing."""
        left = self._left()
        if left is not None and left <= 0:
            return Ends("longest")
        if self._lifted is not None:
            away = self._rules.card_back_within - int(self._clock() - self._lifted)
            return Asks("card", away) if away > 0 else Ends("card")
        if page.idle and self.silent >= page.idle:
            seconds = page.idle + page.leaves - int(self.silent)
            return Asks("idle", seconds) if seconds > 0 else Ends("idle")
        if left is not None and self._told < sum(1 for before in self._rules.told_before if left <= before):
            return Asks("longest", int(left))
        return None

    def _left(self) -> float | None:
        return None if self._began is None else self._began + self._rules.longest - self._clock()
