"""Waits that grow: the more often something was tried, the longer until it may be tried again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.tables import Wait


@dataclass(frozen=True)
class Patience:
    """`free` times without a wait, then `first` seconds, doubled up to `most`; `memory` idle seconds forgive."""

    free: int
    first: int
    most: int
    memory: int

    def wait_after(self, count: int) -> int:
        """Seconds to wait after the `count`th time."""
        return 0 if count <= self.free else min(self.most, self.first * 2 ** min(count - self.free - 1, 30))


def seconds_left(session: Session, key: str, now: datetime) -> int:
    """How long `key` still has to wait; 0 for not at all."""
    wait = session.get(Wait, key)
    return 0 if wait is None else max(0, math.ceil((wait.until - now).total_seconds()))


def count_once(session: Session, key: str, patience: Patience, now: datetime) -> int:
    """Count `key` once more; seconds until the next time."""
    wait = session.get(Wait, key)
    if wait is None or wait.forget_at <= now:
        wait = session.merge(Wait(key=key, count=0, until=now, forget_at=now))
    wait.count += 1
    seconds = patience.wait_after(wait.count)
    wait.until = now + timedelta(seconds=seconds)
    wait.forget_at = wait.until + timedelta(seconds=patience.memory)
    return seconds
