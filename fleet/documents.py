"""Finished documents of cases: kept until they are fetched, for the terminal of the case and for a day by a link."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from contract.cases import CaseAnswer
from contract.certificates import FinishedDocument
from fleet.case_links import CaseLinks
from fleet.connectors.interface import SealedDocument
from fleet.data_folder import write_private
from fleet.database import Database
from fleet.identity.sealing import Seal
from fleet.tables import CaseRecord

#: How long the bytes are kept: a terminal that was cut off for two weeks still prints, after that nobody waits.
KEPT = timedelta(days=14)


@dataclass(frozen=True)
class KeptDocument:
    """What is handed out: the file and what it is."""

    path: Path
    about: FinishedDocument


class DocumentStore:
    """The bytes under `folder`, by hash; who may have them is the case's answer."""

    def __init__(self, database: Database, folder: Path, seal: Seal) -> None:
        self._database, self._folder = database, folder
        self._links = CaseLinks(seal, "document-link")

    def keep(self, case_id: UUID, made: SealedDocument, now: datetime) -> FinishedDocument:
        """Store the bytes and say what the terminal must find."""
        digest = hashlib.sha256(made.content).hexdigest()
        write_private(self._path(digest), made.content)
        return FinishedDocument(
            number=made.number,
            name=made.name,
            media_type=made.media_type,
            sha256=digest,
            size=len(made.content),
            holder=made.holder,
            holder_number=made.holder_number,
            authority=made.authority,
            issued_at=made.issued_at,
            link=f"/documents/{self._links.token(case_id, now)}",
        )

    def remove_old(self, now: datetime) -> int:
        """Remove the bytes nobody can need any more; how many there were. What was issued stays in the register."""
        removed = 0
        for path in self._folder.glob("*/*"):
            if now.timestamp() - path.stat().st_mtime > KEPT.total_seconds():
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def of_case(self, case_id: UUID, terminal_id: str) -> KeptDocument | None:
        """The document of this terminal's case; None for another's, and where there is none."""
        with self._database.reading() as session:
            record = session.get(CaseRecord, str(case_id))
        return self._kept(record) if record is not None and record.terminal_id == terminal_id else None

    def by_link(self, token: str, now: datetime) -> KeptDocument | None:
        """The document a link names; None for one that is not ours or too old. Nothing can be found by guessing."""
        case_id = self._links.case(token, now)
        if case_id is None:
            return None
        with self._database.reading() as session:
            record = session.get(CaseRecord, str(case_id))
        return self._kept(record) if record is not None else None

    def _kept(self, record: CaseRecord) -> KeptDocument | None:
        about = CaseAnswer.model_validate(record.answer).document if record.answer else None
        path = self._path(about.sha256) if about else None
        return KeptDocument(path, about) if about and path and path.is_file() else None

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest
