"""Visits (会话): one citizen at the terminal, from login to leaving, and everything sealed with that visit's key."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from offline_cache.audit import Event, note
from offline_cache.errors import Unreadable, VisitFull
from offline_cache.store import Store
from offline_cache.vault import DataKey, Vault
from offline_cache.visit_rules import VisitRules


def now() -> str:
    """This moment, as it is written in the store."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Visit:
    """An open visit and its key."""

    id: str
    key: DataKey


class Visits:
    """Begin, save, end and shred visits."""

    def __init__(self, store: Store, vault: Vault, rules: VisitRules, most: int) -> None:
        """`most`: bytes of papers a visit may keep."""
        self._store = store
        self._most = most
        self._vault = vault
        self._rules = rules
        #: shredded bytes may still stand in the WAL: a power cut can come before it is emptied
        self._wal_to_empty = True

    def begin(self) -> Visit:
        """A new visit with a key of its own. Raises CacheFull."""
        identifier = str(uuid.uuid4())
        with self._store.transaction() as db:
            key, wrapped, generation = self._vault.new_key(identifier, db)
            line = {
                "id": identifier, "started_at": now(), "ended_at": None, "wrapped_key": wrapped, "kek": generation,
            }  # fmt: skip
            db.table("visits").insert(line)
            note(db, Event.VISIT_BEGAN, visit=identifier)
        return Visit(identifier, key)

    def save(self, visit: Visit, state: bytes) -> None:
        """The savepoint: replaces the last one. Raises CacheFull."""
        sealed = visit.key.seal(state, "draft")
        with self._store.transaction() as db:
            # upsert() asks for the table's shape each time, which takes longer than the commit
            db.execute(
                "insert into drafts (visit, sealed) values (?, ?)"
                " on conflict (visit) do update set sealed = excluded.sealed",
                [visit.id, sealed],
            )

    def saved(self, visit: Visit) -> bytes | None:
        """The last savepoint."""
        for row in self._store.db.table("drafts").rows_where("visit = ?", [visit.id]):
            return visit.key.open(row["sealed"], "draft")
        return None

    def keep_material(self, visit: Visit, content: bytes) -> str:
        """Keep a material; the answer is its SHA-256 in hex. Raises CacheFull, VisitFull."""
        digest = hashlib.sha256(content).hexdigest()
        sealed = visit.key.seal(content, digest)
        with self._store.transaction() as db:
            [used] = db.execute("select sum(length(sealed)) from materials where visit = ?", [visit.id]).fetchone()
            if (used or 0) + len(sealed) > self._most:
                raise VisitFull(f"the papers of one visit have more than {self._most} bytes")
            db.execute(
                "insert into materials (visit, sha256, sealed) values (?, ?, ?) on conflict (visit, sha256) do nothing",
                [visit.id, digest, sealed],
            )
        return digest

    def drop_material(self, visit: Visit, digest: str) -> None:
        """Forget a material that was taken again; one that a submitted case names stays."""
        with self._store.transaction() as db:
            db.execute(
                "delete from materials where visit = ? and sha256 = ? and not exists (select 1 from case_materials as"
                " named where named.visit = materials.visit and named.sha256 = materials.sha256)",
                [visit.id, digest],
            )

    def material(self, visit: Visit, digest: str) -> bytes:
        """The bytes of a material. Raises Unreadable where there is none."""
        for row in self._store.db.table("materials").rows_where("visit = ? and sha256 = ?", [visit.id, digest]):
            return visit.key.open(row["sealed"], digest)
        raise Unreadable("no such material")

    def end(self, visit_id: str, reason: str = "interrupted") -> None:
        """The citizen has left: what is kept until then goes now, the rest later (`shred_finished`).

        `reason`: one of the rules' [ends].
        """
        with self._store.transaction() as db:
            ending = "update visits set ended_at = ? where id = ? and ended_at is null"
            if db.execute(ending, [now(), visit_id]).rowcount:
                note(db, Event.VISIT_ENDED, visit=visit_id, reason=reason)
            _forget(db, visit_id, self._rules.kept_until_ended)

    def end_abandoned(self) -> int:
        """End every visit a crash or power cut left open; how many there were. Called when the terminal starts."""
        open_visits = [row["id"] for row in self._store.db.table("visits").rows_where("ended_at is null")]
        for identifier in open_visits:
            self.end(identifier)
        return len(open_visits)

    def open(self, identifier: str) -> Visit:
        """A visit again by its id, for the sync agent. Raises Unreadable once it is shredded, KeyUnavailable."""
        for row in self._store.db.table("visits").rows_where("id = ?", [identifier]):
            if row["wrapped_key"]:
                return Visit(identifier, self._vault.unwrap(row["wrapped_key"], identifier, row["kek"]))
        raise Unreadable("the visit's key is shredded")

    def shred_finished(self) -> int:
        """Shred every ended visit that owes the platform nothing; how many.

        Afterwards the keys are in neither the database nor its WAL; while another process reads the WAL, the next
        call empties it.
        """
        done = [
            row["id"]
            for row in self._store.db.query(
                "select id from visits where ended_at is not null and wrapped_key is not null and not exists"
                " (select 1 from outbox where outbox.visit = visits.id and outbox.state != 'delivered')"
            )
        ]
        for identifier in done:
            with self._store.transaction() as db:
                _forget(db, identifier, self._rules.kept_until_ended)
                _forget(db, identifier, self._rules.kept_until_delivered)
                note(db, Event.VISIT_SHREDDED, visit=identifier)
        if done or self._wal_to_empty:
            self._wal_to_empty = not self._store.checkpoint()
        return len(done)


def _forget(db: Database, visit: str, kept: Mapping[str, str]) -> None:
    """Delete the visit's rows of each table, or empty the column that is named."""
    for table, what in kept.items():
        if what == "row":
            db.table(table).delete_where("visit = ?", [visit])
        else:
            key = "id" if table == "visits" else "visit"
            empty = "null" if table == "visits" else "x''"
            db.execute(f"update {table} set {what} = {empty} where {key} = ?", [visit])
