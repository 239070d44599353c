"""Small facts the two programs of a terminal tell each other: network, devices; and numbered receipts."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

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

    def ask(self, name: str, default: Any = None) -> Any:
        """The fact's value, or `default`."""
        for row in self._store.db.table("facts").rows_where("name = ?", [name]):
            return json.loads(row["value"])
        return default

    def next_receipt_number(self, label: str) -> str:
        """收件编号, such as A03-1121-0047: the terminal, month and day, and a counter that starts anew each day."""
        today = datetime.now()
        day = today.strftime("%Y%m%d")
        with self._store.transaction() as db:
            row = next(db.table("counters").rows_where("name = ?", [day]), None)
            value = (row["value"] if row else 0) + 1
            db.table("counters").upsert({"name": day, "value": value}, pk="name")
        return f"{label}-{today:%m%d}-{value:04d}"
