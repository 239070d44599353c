"""The print ledger: planned -> sent -> confirmed | uncertain | failed, each step durable before the next.

A certificate number that was sent is never sent again without a new line here saying so.
"""

from __future__ import annotations

import uuid

from offline_cache.store import Store
from offline_cache.visits import now


class PrintLedger:
    """One line a paper."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def plan(self, visit: str, kind: str, number: str) -> str:
        """A paper is about to be made; the answer is its id. `kind`: receipt, certificate or slip."""
        identifier = str(uuid.uuid4())
        line = {"id": identifier, "visit": visit, "kind": kind, "number": number, "state": "planned", "reason": ""}
        with self._store.transaction() as db:
            db.table("prints").insert(line | {"changed_at": now()})
        return identifier

    def set(self, identifier: str, state: str, reason: str = "") -> None:
        """sent (before the first byte goes out), confirmed, uncertain or failed."""
        with self._store.transaction() as db:
            db.table("prints").update(identifier, {"state": state, "reason": reason, "changed_at": now()})

    def was_sent(self, number: str) -> bool:
        """Whether a paper with this number was ever sent to a printer and did not surely fail."""
        where = "number = ? and kind = 'certificate' and state in ('sent', 'confirmed', 'uncertain')"
        return self._store.db.table("prints").count_where(where, [number]) > 0

    def settle_interrupted(self) -> int:
        """After a start: whatever was sent and not confirmed is uncertain; how many lines that were."""
        with self._store.transaction() as db:
            cursor = db.execute("update prints set state = 'uncertain', reason = 'interrupted' where state = 'sent'")
        return int(cursor.rowcount)
