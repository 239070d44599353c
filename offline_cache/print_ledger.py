"""The print ledger: planned -> sent -> confirmed | uncertain | failed, each step durable before the next.

A paper is printed again by a new line with the next `attempt`, and only where the ledger allows it: a certificate (a
paper that is printed `once`) whose every earlier attempt surely failed, or was settled by staff who looked. Each change
of a state is a line in `print_events`, which are never changed. Nothing of a person stands here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from offline_cache.audit import Event, note
from offline_cache.errors import NotInTheLedger, PrintedAlready
from offline_cache.store import Store
from offline_cache.visits import now

State = Literal["planned", "sent", "confirmed", "uncertain", "failed"]

#: state -> those that may follow. From uncertain a person leads on: the citizen or staff, who looked.
FOLLOWS: dict[str, tuple[State, ...]] = {
    "planned": ("sent", "failed"),
    "sent": ("confirmed", "uncertain", "failed"),
    "uncertain": ("uncertain", "confirmed", "failed"),
    "confirmed": (),
    "failed": (),
}

_TOLD = {
    "sent": Event.PAPER_SENT,
    "confirmed": Event.PAPER_CONFIRMED,
    "uncertain": Event.PAPER_UNCERTAIN,
    "failed": Event.PAPER_FAILED,
}


@dataclass(frozen=True)
class Print:
    """A line: one attempt to print one paper. `pages` were sent, `came` says the printer, or None."""

    id: str
    kind: str
    number: str
    state: State
    reason: str
    attempt: int
    pages: int
    came: int | None
    changed_at: str


class PrintLedger:
    """One line an attempt."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def plan(self, visit: str, kind: str, number: str, once: bool = False) -> str:
        """A paper is about to be made; the answer is its line's id. `kind`: receipt, certificate, notice or slip.

        Raises PrintedAlready for a paper printed `once` of which another attempt is under way, came, or may have come.
        """
        identifier = str(uuid.uuid4())
        with self._store.transaction() as db:
            if once and _outstanding(db, kind, number):
                raise PrintedAlready(number)
            attempt = 1 + (db.table("prints").count_where("kind = ? and number = ?", [kind, number]) if number else 0)
            line = {
                "id": identifier, "visit": visit, "kind": kind, "number": number, "state": "planned", "reason": "",
                "attempt": attempt, "pages": 1, "came": None, "changed_at": now(),
            }  # fmt: skip
            db.table("prints").insert(line)
            _note(db, identifier, "planned", "", "")
            note(db, Event.PAPER_PLANNED, paper=identifier, kind=kind, attempt=attempt)
        return identifier

    def set(
        self,
        identifier: str,
        state: State,
        reason: str = "",
        *,
        pages: int | None = None,
        came: int | None = None,
        by: str = "",
    ) -> None:
        """The next state: sent before the first byte goes out; confirmed, uncertain or failed after the last.

        `by` is who looked, where a person settles it. Raises NotInTheLedger for a line that is not there or a state
        that may not follow.
        """
        with self._store.transaction() as db:
            row = next(db.table("prints").rows_where("id = ?", [identifier]), None)
            if row is None or state not in FOLLOWS[row["state"]]:
                raise NotInTheLedger(f"no paper {identifier} may become {state}")
            changed = {"state": state, "reason": reason, "changed_at": now()}
            counted = {name: count for name, count in (("pages", pages), ("came", came)) if count is not None}
            db.table("prints").update(identifier, changed | counted)
            _note(db, identifier, state, reason, by)

    def line(self, identifier: str) -> Print:
        """A line as it stands. Raises NotInTheLedger."""
        for row in self._store.db.table("prints").rows_where("id = ?", [identifier]):
            return _print(row)
        raise NotInTheLedger(f"no paper {identifier}")

    def attempts(self, kind: str, number: str) -> list[Print]:
        """Every line of a paper, the first attempt first."""
        rows = self._store.db.table("prints").rows_where("kind = ? and number = ?", [kind, number], order_by="attempt")
        return [_print(row) for row in rows]

    def uncertain(self) -> list[Print]:
        """What nobody can say of: for staff to look at, the oldest first."""
        rows = self._store.db.table("prints").rows_where("state = 'uncertain'", order_by="changed_at")
        return [_print(row) for row in rows]

    def history(self, identifier: str) -> list[tuple[str, str, str]]:
        """State, reason and who settled it, of every change of a line, in order."""
        rows = self._store.db.table("print_events").rows_where("print = ?", [identifier], order_by="id")
        return [(row["state"], row["reason"], row["by"]) for row in rows]

    def was_sent(self, number: str, kind: str = "certificate") -> bool:
        """Whether a paper with this number was ever sent to a printer and did not surely fail."""
        return _outstanding(self._store.db, kind, number, planned=False)

    def settle_interrupted(self) -> int:
        """After a start: what was sent is uncertain, what was only planned failed; how many are uncertain."""
        with self._store.transaction() as db:
            sent = [row["id"] for row in db.table("prints").rows_where("state = 'sent'")]
            planned = [row["id"] for row in db.table("prints").rows_where("state = 'planned'")]
            for identifiers, state in ((sent, "uncertain"), (planned, "failed")):
                for identifier in identifiers:
                    changed = {"state": state, "reason": "interrupted", "changed_at": now()}
                    db.table("prints").update(identifier, changed)
                    _note(db, identifier, state, "interrupted", "")
        return len(sent)


def _outstanding(db: Database, kind: str, number: str, planned: bool = True) -> bool:
    states = "('planned', 'sent', 'confirmed', 'uncertain')" if planned else "('sent', 'confirmed', 'uncertain')"
    return bool(db.table("prints").count_where(f"kind = ? and number = ? and state in {states}", [kind, number]))


def _note(db: Database, identifier: str, state: str, reason: str, by: str) -> None:
    db.table("print_events").insert({"print": identifier, "state": state, "reason": reason, "by": by, "at": now()})
    if state in _TOLD:
        who = by if by in ("", "citizen") else "staff"
        note(db, _TOLD[state], paper=identifier, by=who or "program")


def _print(row: dict[str, object]) -> Print:
    return Print(**{name: row[name] for name in Print.__dataclass_fields__})  # type: ignore[arg-type]
