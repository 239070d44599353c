"""The outbox: cases and ratings this terminal has and the platform must get, each exactly once."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Literal

from contract.cases import Case, CaseAnswer
from contract.ratings import Rating
from offline_cache.audit import Event, note
from offline_cache.store import Store
from offline_cache.visits import Visit, now

#: seconds to wait after the first failed delivery; doubles each time
FIRST_RETRY = 0.5
#: longest wait between two tries: an outage of a day ends within a minute for everyone
LONGEST_RETRY = 60.0

_KEPT = {"case": Event.CASE_KEPT, "rating": Event.RATING_KEPT}
_DELIVERED = {"case": Event.CASE_DELIVERED, "rating": Event.RATING_DELIVERED}


@dataclass(frozen=True)
class Entry:
    """One thing to deliver. `after` names the entry that must be delivered before, or ""."""

    id: str
    visit: str
    kind: Literal["case", "rating"]
    sealed: bytes
    attempts: int


class Outbox:
    """Entries in the order they were made."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put_case(self, visit: Visit, case: Case) -> None:
        """Keep a case for delivery; its materials are kept already. One transaction; raises CacheFull."""
        self._put(visit, "case", str(case.case_id), case.model_dump_json().encode(), after="")

    def put_rating(self, visit: Visit, rating: Rating) -> None:
        """Keep a rating, to be delivered after its case. Raises CacheFull."""
        self._put(visit, "rating", str(rating.rating_id), rating.model_dump_json().encode(), after=str(rating.case_id))

    def due(self) -> list[Entry]:
        """What can be tried now: waiting, its time come, and nothing before it still waiting."""
        rows = self._store.db.query(
            "select id, visit, kind, sealed, attempts from outbox where state = 'waiting' and next_at <= ?"
            " and (after = '' or after in (select id from outbox where state = 'delivered')) order by rowid",
            [time.time()],
        )
        return [Entry(**row) for row in rows]

    def delivered(self, entry: Entry, visit: Visit, answer: CaseAnswer | None = None) -> None:
        """The platform has it; its answer to a case is kept sealed until the visit is shredded."""
        with self._store.transaction() as db:
            db.table("outbox").update(entry.id, {"state": "delivered", "problem": ""})
            note(db, _DELIVERED[entry.kind], **{entry.kind: entry.id})
            if answer is not None:
                sealed = visit.key.seal(answer.model_dump_json().encode(), entry.id)
                db.table("answers").upsert({"case_id": entry.id, "visit": visit.id, "sealed": sealed}, pk="case_id")

    def failed(self, entry: Entry) -> None:
        """Not now: try again later, each time later, with jitter so that terminals do not come back all at once."""
        # 2 to the attempts of half a day is no float any more
        wait = min(FIRST_RETRY * 2 ** min(entry.attempts, 16), LONGEST_RETRY) * random.uniform(0.5, 1.0)
        with self._store.transaction() as db:
            db.table("outbox").update(entry.id, {"attempts": entry.attempts + 1, "next_at": time.time() + wait})

    def retry_now(self) -> None:
        """The network is back: everything that waits is due."""
        with self._store.transaction() as db:
            db.execute("update outbox set next_at = 0, attempts = 0 where state = 'waiting'")

    def park(self, entry: Entry, problem: str) -> None:
        """The platform will never take it: keep it, with its key, for the operator."""
        with self._store.transaction() as db:
            db.table("outbox").update(entry.id, {"state": "parked", "problem": problem})
            note(db, Event.ENTRY_PARKED, entry=entry.id, kind=entry.kind)

    def answer(self, visit: Visit, case_id: str) -> CaseAnswer | None:
        """The platform's answer to a case, once it has one."""
        for row in self._store.db.table("answers").rows_where("case_id = ?", [case_id]):
            return CaseAnswer.model_validate_json(visit.key.open(row["sealed"], case_id))
        return None

    def state(self, identifier: str) -> str:
        """waiting, delivered, parked, or "" for an entry that does not exist."""
        for row in self._store.db.table("outbox").rows_where("id = ?", [identifier]):
            return str(row["state"])
        return ""

    def counts(self) -> tuple[int, int]:
        """(waiting, parked)."""
        return (
            self._store.db.table("outbox").count_where("state = 'waiting'"),
            self._store.db.table("outbox").count_where("state = 'parked'"),
        )

    def _put(self, visit: Visit, kind: str, identifier: str, body: bytes, after: str) -> None:
        entry = {
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
        with self._store.transaction() as db:
            db.table("outbox").insert(entry)
            note(db, _KEPT[kind], visit=visit.id, **{kind: identifier})
