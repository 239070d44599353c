"""Applications saved to be finished later: whose they are as a keyed hash, what they say as bytes nobody here can read.

The seal is the citizen's code (contract/saved_codes.py), which only passes through.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from contract.saving import MOST_DAYS, SavedKept, SavedOpened, SavedRefusal
from fleet.database import Database
from fleet.identity.forgetting import forget
from fleet.identity.sealing import Seal, plain_hash
from fleet.identity.waits import Patience, count_once, seconds_left
from fleet.tables import SavedRecord

#: What one person may save in a day; it grows slower than anybody fills in forms.
PER_HOLDER = Patience(free=20, first=60, most=3600, memory=24 * 3600)
#: Codes nobody has, by the one who asks: a code has 70 random bits, so this only keeps the noise down.
PER_PERSON = Patience(free=4, first=30, most=1800, memory=24 * 3600)
#: The same of a terminal or an address: many people stand behind one.
PER_PLACE = Patience(free=30, first=10, most=600, memory=600)


class SavedApplications:
    """By the hash of their name."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database, self._seal = database, seal

    def keep(self, lookup: str, number: str, sealed: bytes, days: int) -> SavedKept:
        """Keep it for `days`, 30 at the most. What was kept under the name for the same person is replaced."""
        now = datetime.now(UTC)
        forget(self._database, now)
        expires_at = now + timedelta(days=min(days, MOST_DAYS))
        holder, counted = self._holder(number), self._seal.keyed_hash("saves", number)
        with self._database.writing() as session:
            if seconds_left(session, counted, now):
                return SavedKept(refused=SavedRefusal.TOO_MANY)
            row = session.get(SavedRecord, plain_hash(lookup), with_for_update=True)
            if row is not None and not secrets.compare_digest(row.holder, holder):
                return SavedKept(refused=SavedRefusal.OTHER_PERSON)
            if row is not None and row.submitted_at is not None:
                return SavedKept(refused=SavedRefusal.SUBMITTED)
            count_once(session, counted, PER_HOLDER, now)
            fresh = SavedRecord(
                lookup_sha256=plain_hash(lookup), holder=holder, sealed=sealed, saved_at=now, expires_at=expires_at
            )
            session.merge(fresh)
        return SavedKept(expires_at=expires_at)

    def open(self, lookup: str, number: str, place: str) -> SavedOpened:
        """What was kept, for its holder. `place` is the terminal or the phone's address that asks."""
        now = datetime.now(UTC)
        waits = (
            (self._seal.keyed_hash("saved person", number), PER_PERSON),
            (self._seal.keyed_hash("saved place", place), PER_PLACE),
        )
        with self._database.writing() as session:
            left = max(seconds_left(session, key, now) for key, _ in waits)
            if left:
                return SavedOpened(refused=SavedRefusal.TOO_MANY, again_in=left)
            row = session.get(SavedRecord, plain_hash(lookup))
            refused = self._refusal(row, number, now)
            if refused in (SavedRefusal.UNKNOWN, SavedRefusal.OTHER_PERSON):
                for key, patience in waits:
                    count_once(session, key, patience, now)
            if refused is not None or row is None:
                return SavedOpened(refused=refused)
            return SavedOpened(sealed=row.sealed, expires_at=row.expires_at)

    def rewrite(self, lookup: str, number: str, sealed: bytes) -> SavedRefusal | None:
        """Replace what is kept, for its holder; when it runs out stays as it was printed."""
        now = datetime.now(UTC)
        with self._database.writing() as session:
            row = session.get(SavedRecord, plain_hash(lookup), with_for_update=True)
            refused = self._refusal(row, number, now)
            if refused is None and row is not None:
                row.sealed, row.saved_at = sealed, now
            return refused

    def submitted(self, session: Session, lookup: str, number: str) -> None:
        """A case that continues it was accepted, in the same transaction: it is shredded, and its code told so."""
        row = session.get(SavedRecord, plain_hash(lookup), with_for_update=True) if lookup else None
        if row is not None and secrets.compare_digest(row.holder, self._holder(number)):
            row.sealed, row.submitted_at = None, datetime.now(UTC)

    def _refusal(self, row: SavedRecord | None, number: str, now: datetime) -> SavedRefusal | None:
        if row is None:
            return SavedRefusal.UNKNOWN
        if not secrets.compare_digest(row.holder, self._holder(number)):
            return SavedRefusal.OTHER_PERSON
        if row.submitted_at is not None:
            return SavedRefusal.SUBMITTED
        return SavedRefusal.EXPIRED if row.sealed is None or row.expires_at <= now else None

    def _holder(self, number: str) -> str:
        return self._seal.keyed_hash("saved holder", number)
