"""Adding lines, handing them to the platform, and letting go of old ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlite_utils import Database

from contract.audit import BATCH, AuditBatch, AuditLine, Value, canonical, fits, line_hash
from contract.audit_events import Event
from offline_cache.store import Store

#: days a line stays here after the platform has it, for technicians
KEPT_DAYS = 30
#: lines that go in one transaction, so that no citizen waits for a long one
AT_ONCE = 2_000


def note(db: Database, event: Event, **fields: Value) -> None:
    """Add a line, in the transaction that does what it tells: both stand afterwards, or neither.

    The transaction must have begun immediate, so that no other process adds a line between. Raises ValueError for
    fields that are not the event's.
    """
    if not db.conn.in_transaction:
        raise ValueError("an audit line belongs into a transaction")
    if wrong := fits(event.value, fields):
        raise ValueError(wrong)
    number, previous = head(db)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    digest = line_hash(previous, number + 1, at, event.value, fields)
    db.execute("insert into audit values (?, ?, ?, ?, ?)", [number + 1, at, event.value, canonical(fields), digest])


def head(db: Database) -> tuple[int, str]:
    """The last line's number and hash."""
    last = db.execute("select number, cast(hash as blob) from audit order by number desc limit 1").fetchone()
    number, digest = (
        last or db.execute("select cast(number as integer), cast(hash as blob) from audit_chain").fetchone()
    )
    return int(number), _text(digest)


def _text(content: bytes | None) -> str:
    """What a disk has damaged is still read: the line is wrong then, and no citizen is kept from the service by it."""
    return (content or b"").decode("utf-8", "replace")


@dataclass(frozen=True)
class Chain:
    """A chain: its lines begin after `number`, whose hash is `hash`; the platform has them up to `delivered`."""

    chain: str
    number: int
    hash: str
    delivered: int


def chain_of(db: Database) -> Chain:
    """The chain of a database. Raises ValueError for one that is damaged."""
    chain, number, digest, delivered, whole = db.execute(
        "select cast(chain as blob), cast(number as integer), cast(hash as blob), cast(delivered as integer),"
        " typeof(number) = 'integer' and typeof(delivered) = 'integer' from audit_chain"
    ).fetchone()
    if not whole:
        raise ValueError("the chain's numbers are damaged")
    return Chain(_text(chain), number, _text(digest), delivered)


def rows_of(db: Database, after: int = 0, limit: int = -1) -> list[dict[str, Any]]:
    """The lines after a number, unchecked, as they stand; `fields` is text."""
    columns = ("at", "event", "fields", "hash")
    asked = ", ".join(f"cast({column} as blob)" for column in columns)
    rows = db.execute(f"select number, {asked} from audit where number > ? order by number limit ?", [after, limit])
    return [{"number": row[0]} | dict(zip(columns, map(_text, row[1:]), strict=True)) for row in rows]


class AuditLog:
    """The audit log of one terminal."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, event: Event, **fields: Value) -> None:
        """Add a line by itself, of what is done elsewhere. Raises CacheFull."""
        with self._store.transaction() as db:
            note(db, event, **fields)

    def chain(self) -> Chain:
        """The chain in use."""
        return chain_of(self._store.db)

    def undelivered(self) -> AuditBatch | None:
        """The next lines for the platform; None where it has all. Raises ValueError for one that was tampered with."""
        chain = self.chain()
        lines = [
            AuditLine.model_validate({**row, "fields": json.loads(row["fields"])})
            for row in rows_of(self._store.db, chain.delivered, BATCH)
        ]
        return AuditBatch(chain=UUID(chain.chain), after=chain.delivered, lines=lines) if lines else None

    def delivered(self, number: int) -> bool:
        """The platform has all up to `number`, or asks for what comes after it.

        False where it knows more than is here, or asks for what has gone. Raises ValueError, CacheFull.
        """
        with self._store.transaction() as db:
            if not chain_of(db).number <= number <= head(db)[0]:
                return False
            db.execute("update audit_chain set delivered = ?", [number])
        return True

    def prune(self, now: datetime | None = None) -> int:
        """Let lines go that the platform has had for long; how many. The last of them stays as the anchor.

        Raises ValueError for a damaged chain, CacheFull.
        """
        before = ((now or datetime.now(UTC)) - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")
        gone = 0
        while True:
            with self._store.transaction() as db:
                chain = chain_of(db)
                until = min(chain.delivered, chain.number + AT_ONCE)
                row = db.execute(
                    "select number, hash from audit where number <= ? and at < ? order by number desc limit 1",
                    [until, before],
                ).fetchone()
                if row is None:
                    return gone
                db.execute("update audit_chain set number = ?, hash = ?", list(row))
                gone += db.execute("delete from audit where number <= ?", [row[0]]).rowcount
