"""Small facts the two programs of a terminal tell each other: network, devices; and numbered receipts."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from offline_cache.store import Store


class Facts:
    """Named values; the last one stands."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def tell(self, name: str, value: Any) -> None:
        """Set a fact. Nothing of a person may stand in one."""
        with self._store.transaction() as db:
            db.execute(
                "insert into facts (name, value, changed_at) values (?, ?, ?) on conflict (name) do update"
                " set value = excluded.value, changed_at = excluded.changed_at",
                [name, json.dumps(value, ensure_ascii=False), time.time()],
            )

    def ask(self, name: str, default: Any = None, within: float | None = None) -> Any:
        """The fact's value, or `default`; also for one that was not told again `within` so many seconds.

        A clock that was set in between makes a fact look old until it is told again.
        """
        for row in self._store.db.table("facts").rows_where("name = ?", [name]):
            if within is None or abs(time.time() - row["changed_at"]) <= within:
                return json.loads(row["value"])
        return default

    def next_receipt_number(self, label: str) -> str:
        """A receipt number by itself, of today; a case gets its own as it is submitted (`Outbox.submit`)."""
        with self._store.transaction() as db:
            return count_receipt(db, label, datetime.now())


def count_receipt(db: Database, label: str, today: datetime) -> str:
    """收件编号, such as A03-1121-0047: the terminal, month and day, and a counter that starts anew each day.

    To be called within the transaction that uses the number.
    """
    day = today.strftime("%Y%m%d")
    row = next(db.table("counters").rows_where("name = ?", [day]), None)
    value = (row["value"] if row else 0) + 1
    db.table("counters").upsert({"name": day, "value": value}, pk="name")
    return f"{label}-{today:%m%d}-{value:04d}"
