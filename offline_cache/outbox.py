"""The outbox: cases and ratings this terminal has and the platform must get, each exactly once.

An entry is `waiting` until the platform acknowledges it, `acknowledged` until the platform, asked a second time, still
has it, and then `delivered`; or it is `parked`, for a reason of a closed list, until somebody says to try it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlite_utils import Database

from contract.cases import Case, CaseAnswer
from contract.ratings import Rating
from contract.terminals import ParkedEntry, ParkReason
from offline_cache.audit import Event, note
from offline_cache.errors import MaterialMissing
from offline_cache.facts import count_receipt
from offline_cache.retries import Retries
from offline_cache.store import Store
from offline_cache.visits import Visit, now

#: how often the platform may object in the same way before an entry is parked. A refusal is asked for three times: a
#: platform that is being updated refuses what it takes a minute later. A contradiction may be a platform that fails
#: over. What it stumbles over (500, answers nobody understands) is mostly its own fault and mended within the day;
#: at a minute a try that is about half a day.
STRIKES: dict[ParkReason, int] = {
    ParkReason.REFUSED: 3,
    ParkReason.CONFLICT: 3,
    ParkReason.TOO_LARGE: 3,
    ParkReason.SPOILT: 5,
    ParkReason.CONTRADICTED: 10,
    ParkReason.STUMBLES: 1000,
    ParkReason.UNREADABLE: 1,
    ParkReason.MATERIAL_MISSING: 1,
}

#: still to be worked on: not handed over, or not looked at a second time
_OPEN = "state in ('waiting', 'acknowledged')"

_KEPT = {"case": Event.CASE_KEPT, "rating": Event.RATING_KEPT}
_DELIVERED = {"case": Event.CASE_DELIVERED, "rating": Event.RATING_DELIVERED}


@dataclass(frozen=True)
class Entry:
    """One thing to deliver. `attempts` failed since the network was last back; `state` is waiting or acknowledged."""

    id: str
    visit: str
    kind: Literal["case", "rating"]
    state: Literal["waiting", "acknowledged"]
    sealed: bytes
    attempts: int


class Outbox:
    """Entries in the order they were made."""

    def __init__(self, store: Store, retries: Retries | None = None) -> None:
        self._store = store
        self._retries = retries or Retries()

    # what the kiosk puts in

    def submit(self, visit: Visit, case_id: UUID, label: str, today: datetime, make: Callable[[str], Case]) -> Case:
        """Receipt number, case, its materials and its delivery, in one transaction: all of it or nothing.

        `make` gets the receipt number (收件编号 of terminal `label`, day `today`) and returns the case of `case_id`.
        Called again for the same `case_id`, it changes nothing and returns the case as it was submitted. Raises
        MaterialMissing where the visit does not hold every material the case names, CacheFull.
        """
        with self._store.transaction() as db:
            for row in db.table("outbox").rows_where("id = ?", [str(case_id)]):
                return Case.model_validate_json(visit.key.open(row["sealed"], row["id"]))
            case = make(count_receipt(db, label, today))
            if case.case_id != case_id:
                raise ValueError("another case than the one that is submitted")
            self._insert_case(db, visit, case)
        return case

    def put_case(self, visit: Visit, case: Case) -> None:
        """Keep a case that has its receipt number, as `submit` does. Raises MaterialMissing, CacheFull."""
        with self._store.transaction() as db:
            self._insert_case(db, visit, case)

    def put_rating(self, visit: Visit, rating: Rating) -> None:
        """Keep a rating, to be delivered after its case. Raises CacheFull."""
        with self._store.transaction() as db:
            body = rating.model_dump_json().encode()
            self._insert(db, visit, "rating", str(rating.rating_id), body, after=str(rating.case_id))

    def answer(self, visit: Visit, case_id: str) -> CaseAnswer | None:
        """The platform's answer to a case, once it has one."""
        for row in self._store.db.table("answers").rows_where("case_id = ?", [case_id]):
            return CaseAnswer.model_validate_json(visit.key.open(row["sealed"], case_id))
        return None

    # what the agent takes out

    def due(self) -> list[Entry]:
        """What can be tried now, who was tried longest ago first; what comes `after` another waits for that one."""
        return [self._entry(identifier) for identifier in self._due()]

    def next_due(self) -> Entry | None:
        """The first of `due`."""
        identifiers = self._due()
        return self._entry(identifiers[0]) if identifiers else None

    def trying(self, entry: Entry) -> None:
        """It is being tried: the others come before it the next time."""
        self._retries.trying(entry.id)

    def acknowledged(self, entry: Entry, visit: Visit, answer: CaseAnswer | None, look_again: float) -> None:
        """The platform says it has it; it is asked once more in `look_again` seconds, and all is kept until then.

        Its answer to a case is kept sealed until the visit is shredded.
        """
        with self._store.transaction() as db:
            db.table("outbox").update(entry.id, {"state": "acknowledged", "attempts": 0})
            _keep_answer(db, entry, visit, answer)
        self._retries.after(entry.id, look_again)

    def delivered(self, entry: Entry, visit: Visit, answer: CaseAnswer | None = None) -> None:
        """The platform has it, for good."""
        with self._store.transaction() as db:
            db.table("outbox").update(entry.id, {"state": "delivered", "problem": "", "strikes": 0})
            note(db, _DELIVERED[entry.kind], **{entry.kind: entry.id})
            db.table("uploads").delete_where("case_id = ?", [entry.id])
            _keep_answer(db, entry, visit, answer)
        self._retries.forget(entry.id)

    def failed(self, entry: Entry) -> None:
        """Not now: try again later."""
        with self._store.transaction() as db:
            db.table("outbox").update(entry.id, {"attempts": entry.attempts + 1})
        self._retries.wait(entry.id, entry.attempts)

    def objected(self, entry: Entry, reason: ParkReason) -> bool:
        """The platform objected to it, or it cannot be sent: try it again, or park it after `STRIKES`; whether so.

        What was acknowledged and is objected to now is handed over anew.
        """
        with self._store.transaction() as db:
            row = db.table("outbox").get(entry.id)
            strikes = row["strikes"] + 1 if row["problem"] == reason else 1
            parks = strikes >= STRIKES[reason]
            change = {"state": "waiting", "problem": reason, "strikes": strikes, "attempts": entry.attempts + 1}
            if parks:
                change |= {"state": "parked", "parked_at": now()}
            db.table("outbox").update(entry.id, change)
            if parks:
                note(db, Event.ENTRY_PARKED, entry=entry.id, kind=entry.kind)
        self._retries.wait(entry.id, entry.attempts)
        return parks

    def retry_now(self) -> None:
        """The network is back: everything that failed is due."""
        failed = f"{_OPEN} and attempts > 0"
        with self._store.transaction() as db:
            identifiers = [identifier for (identifier,) in db.execute(f"select id from outbox where {failed}")]
            db.execute(f"update outbox set attempts = 0 where {failed}")
        for identifier in identifiers:
            self._retries.now(identifier)

    # where uploads stand

    def upload_location(self, entry: Entry, digest: str) -> str | None:
        """Where the upload of a material was begun, if it was."""
        for row in self._store.db.table("uploads").rows_where("case_id = ? and sha256 = ?", [entry.id, digest]):
            return str(row["location"])
        return None

    def upload_begun(self, entry: Entry, digest: str, location: str) -> None:
        """It is there from now on, also after a restart."""
        line = {"case_id": entry.id, "visit": entry.visit, "sha256": digest, "location": location}
        with self._store.transaction() as db:
            db.table("uploads").upsert(line, pk=("case_id", "sha256"))

    def upload_gone(self, entry: Entry, digest: str) -> None:
        """It is nowhere any more, or over."""
        with self._store.transaction() as db:
            db.table("uploads").delete_where("case_id = ? and sha256 = ?", [entry.id, digest])

    # what people are told and say

    def parked(self) -> list[ParkedEntry]:
        """What is parked, the oldest first; nothing of a person."""
        listed = set(ParkReason)
        return [
            ParkedEntry(
                id=row["id"],
                kind=row["kind"],
                # a row rescued from a database of before the list has words of its own, and no time of its own
                reason=row["problem"] if row["problem"] in listed else ParkReason.REFUSED,
                since=row["parked_at"] or row["created_at"],
            )
            for row in self._store.db.table("outbox").rows_where("state = 'parked'", order_by="rowid")
        ]

    def retry(self, identifier: str | Literal["all"]) -> int:
        """Somebody says that what is parked can be tried again; how many entries now wait. Repeating it is harmless."""
        which, values = ("", []) if identifier == "all" else (" and id = ?", [identifier])
        with self._store.transaction() as db:
            rows = db.execute(f"select id from outbox where state = 'parked'{which}", values).fetchall()
            for (entry,) in rows:
                change = {"state": "waiting", "problem": "", "strikes": 0, "attempts": 0, "parked_at": None}
                db.table("outbox").update(entry, change)
                note(db, Event.ENTRY_RETRIED, entry=entry)
        for (entry,) in rows:
            self._retries.now(entry)
        return len(rows)

    def waiting(self) -> list[tuple[str, str, str, int]]:
        """Id, kind, when it was made, and how often it failed, of what is not delivered and not parked."""
        query = f"select id, kind, created_at, attempts from outbox where {_OPEN} order by rowid"
        return list(self._store.db.execute(query))

    def waiting_since(self) -> datetime | None:
        """When the oldest of these was made; None where there is none."""
        (oldest,) = self._store.db.execute(f"select min(created_at) from outbox where {_OPEN}").fetchone()
        return datetime.fromisoformat(oldest) if oldest else None

    def state(self, identifier: str) -> str:
        """waiting, acknowledged, delivered, parked, or "" for an entry that does not exist."""
        for row in self._store.db.table("outbox").rows_where("id = ?", [identifier]):
            return str(row["state"])
        return ""

    def counts(self) -> tuple[int, int]:
        """(not delivered yet, parked)."""
        outbox = self._store.db.table("outbox")
        return outbox.count_where(_OPEN), outbox.count_where("state = 'parked'")

    # how it is kept

    def _due(self) -> list[str]:
        rows = self._store.db.execute(
            f"select id, attempts from outbox where {_OPEN} and (after = '' or exists (select 1 from outbox as before"
            " where before.id = outbox.after and before.state in ('acknowledged', 'delivered'))) order by rowid"
        )
        ready = [identifier for identifier, attempts in rows if self._retries.ready(identifier, attempts)]
        return sorted(ready, key=self._retries.tried)

    def _entry(self, identifier: str) -> Entry:
        row = self._store.db.table("outbox").get(identifier)
        return Entry(**{name: row[name] for name in Entry.__dataclass_fields__})

    def _insert_case(self, db: Database, visit: Visit, case: Case) -> None:
        held = db.execute("select sha256 from materials where visit = ?", [visit.id]).fetchall()
        if not {(digest,) for digest in case.hashes} <= set(held):
            raise MaterialMissing("the visit does not hold every material the case names")
        self._insert(db, visit, "case", str(case.case_id), case.model_dump_json().encode(), after="")
        db.table("case_materials").insert_all(
            {"case_id": str(case.case_id), "visit": visit.id, "sha256": digest} for digest in case.hashes
        )

    def _insert(self, db: Database, visit: Visit, kind: str, identifier: str, body: bytes, after: str) -> None:
        db.table("outbox").insert(
            {
                "id": identifier,
                "visit": visit.id,
                "kind": kind,
                "after": after,
                "sealed": visit.key.seal(body, identifier),
                "state": "waiting",
                "attempts": 0,
                "next_at": 0.0,
                "problem": "",
                "created_at": now(),
            }
        )
        note(db, _KEPT[kind], visit=visit.id, **{kind: identifier})


def _keep_answer(db: Database, entry: Entry, visit: Visit, answer: CaseAnswer | None) -> None:
    if answer is not None:
        sealed = visit.key.seal(answer.model_dump_json().encode(), entry.id)
        db.table("answers").upsert({"case_id": entry.id, "visit": visit.id, "sealed": sealed}, pk="case_id")
