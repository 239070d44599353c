"""What a benchmark says: ours, the peer's, and the ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One comparison. `ratio` is ours by the peer's."""

    name: str
    ours: float
    peer: str
    theirs: float
    unit: str

    @property
    def ratio(self) -> float:
        """Ours divided by the peer's; 0 where the peer has nothing."""
        return self.ours / self.theirs if self.theirs else 0.0

    def line(self) -> str:
        """One line for a person."""
        theirs = f"{self.peer} {self.theirs:.3g} {self.unit}"
        return f"{self.name:52} {self.ours:8.3g} {self.unit:5} {theirs:34} ×{self.ratio:.2f}"

    def row(self) -> dict[str, object]:
        """The same for a program."""
        return {**asdict(self), "ratio": round(self.ratio, 3)}


def in_turns(times: int, *works: Callable[[], object]) -> list[tuple[float, float]]:
    """(median, 99th percentile) of each work in milliseconds; they take turns, so that a busy moment meets them all."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, mine in zip(works, taken, strict=True):
            start = time.perf_counter()
            work()
            mine.append((time.perf_counter() - start) * 1000)
    return [(statistics.median(mine), statistics.quantiles(mine, n=100)[-1]) for mine in taken]


def milliseconds(work: Callable[[], object], times: int) -> tuple[float, float]:
    """(median, 95th percentile) of `times` runs, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
