"""Pages that a citizen's phone sends to one terminal: sealed under the key of the QR code, gone after ten minutes.

Only signatures are looked at here; the terminal opens the files, in a process of its own, and makes them anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from contract.phone_uploads import LARGEST_FILE, LARGEST_SET, LIFETIME, UploadStage, UploadState, UploadTicket
from contract.upload_keys import UploadKey
from fleet.database import Database
from fleet.identity.forgetting import forget
from fleet.identity.sealing import plain_hash
from fleet.tables import PhoneFile, PhoneUpload

#: how JPEG (ISO/IEC 10918-1), PNG (ISO/IEC 15948) and PDF (ISO 32000-2) begin
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-")


class UploadRefusal(StrEnum):
    """Why a phone's files are not taken; each has its words on the page."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    NOTHING = "nothing"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    KIND = "kind"


@dataclass(frozen=True)
class Refused:
    """`file` is the number of the file it is about, from 1; 0 for all of them."""

    why: UploadRefusal
    file: int = 0


class PhoneUploads:
    """Tickets by the hash of their name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, terminal_id: str, lookup: str, ticket: UploadTicket) -> bool:
        """A ticket of this terminal, in the place of the one it had. False: the name is another terminal's."""
        now = datetime.now(UTC)
        forget(self._database, now)
        with self._database.writing() as session:
            session.execute(delete(PhoneUpload).where(PhoneUpload.terminal_id == terminal_id))
            if session.get(PhoneUpload, plain_hash(lookup)) is not None:
                return False
            session.add(
                PhoneUpload(
                    lookup_sha256=plain_hash(lookup),
                    terminal_id=terminal_id,
                    ticket=ticket.model_dump(mode="json"),
                    stage=UploadStage.WAITING,
                    expires_at=now + timedelta(seconds=LIFETIME),
                )
            )
        return True

    # the phone

    def open(self, key: UploadKey | None) -> UploadTicket | Refused:
        """What the page with this key is for."""
        with self._database.writing() as session:
            found = _usable(session, key)
            if isinstance(found, Refused):
                return found
            found.stage = UploadStage.OPENED
            return UploadTicket.model_validate(found.ticket)

    def usable(self, key: UploadKey | None) -> bool:
        """Whether files can be sent with this key: before they are read."""
        with self._database.reading() as session:
            return not isinstance(_usable(session, key), Refused)

    def take(self, key: UploadKey | None, files: list[bytes]) -> Refused | None:
        """Keep the one set of files, sealed; None where they are kept. What is refused can be sent again."""
        with self._database.writing() as session:
            found = _usable(session, key)
            if isinstance(found, Refused):
                return found
            assert key is not None
            refused = _judge(files, UploadTicket.model_validate(found.ticket).most_files)
            if refused is not None:
                return refused
            found.stage = UploadStage.SENT
            for number, content in enumerate(files):
                sealed = key.seal(content, number)
                session.add(PhoneFile(lookup_sha256=found.lookup_sha256, number=number, sealed=sealed))
        return None

    # the terminal

    def state(self, terminal_id: str, lookup: str) -> UploadState | None:
        """How far the phone is; None for a ticket that is not this terminal's."""
        with self._database.reading() as session:
            row = _own(session, terminal_id, lookup)
            if row is None:
                return None
            if row.expires_at <= datetime.now(UTC):
                return UploadState(stage=UploadStage.EXPIRED)
            count = select(func.count()).where(PhoneFile.lookup_sha256 == row.lookup_sha256)
            return UploadState(stage=UploadStage(row.stage), files=session.scalar(count) or 0)

    def file(self, terminal_id: str, lookup: str, number: int) -> bytes | None:
        """One file as it lies here, sealed; None where there is none for this terminal."""
        with self._database.reading() as session:
            row = _own(session, terminal_id, lookup)
            if row is None or row.expires_at <= datetime.now(UTC):
                return None
            found = session.get(PhoneFile, (row.lookup_sha256, number))
            return found.sealed if found else None

    def end(self, terminal_id: str, lookup: str) -> None:
        """The terminal has what it wanted, or wants it no more: the files go, the key is used up."""
        with self._database.writing() as session:
            row = _own(session, terminal_id, lookup)
            if row is not None:
                row.stage = UploadStage.SENT
                session.execute(delete(PhoneFile).where(PhoneFile.lookup_sha256 == row.lookup_sha256))


def _own(session: Session, terminal_id: str, lookup: str) -> PhoneUpload | None:
    row = session.get(PhoneUpload, plain_hash(lookup))
    return row if row is not None and row.terminal_id == terminal_id else None


def _usable(session: Session, key: UploadKey | None) -> PhoneUpload | Refused:
    row = session.get(PhoneUpload, plain_hash(key.lookup), with_for_update=True) if key else None
    if row is None:
        return Refused(UploadRefusal.UNKNOWN)
    if row.expires_at <= datetime.now(UTC):
        return Refused(UploadRefusal.EXPIRED)
    return Refused(UploadRefusal.USED) if row.stage == UploadStage.SENT else row


def _judge(files: list[bytes], most: int) -> Refused | None:
    if not files:
        return Refused(UploadRefusal.NOTHING)
    if len(files) > most:
        return Refused(UploadRefusal.TOO_MANY)
    for number, content in enumerate(files, start=1):
        if not content.startswith(_SIGNATURES):
            return Refused(UploadRefusal.KIND, number)
        if len(content) > LARGEST_FILE:
            return Refused(UploadRefusal.TOO_LARGE, number)
    return Refused(UploadRefusal.TOO_LARGE) if sum(map(len, files)) > LARGEST_SET else None
