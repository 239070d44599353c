"""How much of each kind of data a terminal keeps (quotas.toml)."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlite_utils import Database

from offline_cache.store import Store

MEGABYTE = 1_000_000
#: rows removed in one transaction, so that no citizen waits for a long one
AT_ONCE = 500
#: table -> when a row was last changed, and what must hold before it may go
_MAY_GO = {
    "visits": ("coalesce(ended_at, started_at)", "ended_at is not null and wrapped_key is null"),
    "outbox": (
        "created_at",
        "state = 'delivered' and not exists (select 1 from visits where visits.id = outbox.visit)",
    ),
    "prints": ("changed_at", "state in ('confirmed', 'failed')"),
    "counters": ("substr(name, 1, 4) || '-' || substr(name, 5, 2) || '-' || substr(name, 7, 2)", "1"),
}


@dataclass(frozen=True)
class Kept:
    """Rows of a table: how long, and how many at most."""

    days: int
    rows: int


class Quotas:
    """The quotas of one store."""

    def __init__(self, store: Store, undelivered: int, visit: int, kept: Mapping[str, Kept]) -> None:
        self._store, self._undelivered, self.visit, self._kept = store, undelivered, visit, kept

    @classmethod
    def load(cls, store: Store) -> Quotas:
        """The quotas of quotas.toml, in bytes."""
        said = tomllib.loads(files("offline_cache").joinpath("quotas.toml").read_text("utf-8"))
        kept = {table: Kept(**rule) for table, rule in said["kept"].items()}
        return cls(store, said["undelivered"]["megabytes"] * MEGABYTE, said["visit"]["megabytes"] * MEGABYTE, kept)

    def leave_room(self) -> bool:
        """Whether what waits for delivery leaves room for another visit."""
        db = self._store.db
        used = db.execute("pragma page_count").fetchone()[0] - db.execute("pragma freelist_count").fetchone()[0]
        return bool(used * db.execute("pragma page_size").fetchone()[0] < self._undelivered)

    def keep(self, now: float | None = None) -> int:
        """Remove what is over its quota; how many rows. Raises CacheFull."""
        moment = datetime.fromtimestamp(now or time.time(), UTC)
        return sum(self._keep(table, rule, moment) for table, rule in self._kept.items())

    def _keep(self, table: str, rule: Kept, now: datetime) -> int:
        changed, may_go = _MAY_GO[table]
        before = (now - timedelta(days=rule.days)).isoformat(timespec="seconds")
        removed = 0
        while True:
            with self._store.transaction() as db:
                old = f"select rowid from {table} where {may_go} and {changed} < ? limit {AT_ONCE}"
                gone = _remove(db, table, old, [before])
                over = min(max(0, db.table(table).count - rule.rows), AT_ONCE)
                gone += _remove(
                    db, table, f"select rowid from {table} where {may_go} order by {changed} limit ?", [over]
                )
            removed += gone
            if not gone:
                return removed


def _remove(db: Database, table: str, chosen: str, values: list[Any]) -> int:
    gone = db.execute(f"delete from {table} where rowid in ({chosen})", values).rowcount
    if gone and table == "prints":
        db.execute("delete from print_events where print not in (select id from prints)")
    return int(gone)
