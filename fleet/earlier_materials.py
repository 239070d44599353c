"""可复用材料: what somebody gave in cases that were accepted, found again for the same person or company."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from contract.cases import Case, CaseAnswer, MaterialSent
from contract.holdings import LARGEST_HOLDING
from contract.items import Material
from fleet.database import Database
from fleet.identity.sealing import Seal
from fleet.office_time import OFFICE_TIME
from fleet.tables import CaseRecord
from fleet.uploads import UploadStore

#: cases of one person that are looked through, the newest first
MOST_CASES = 100


@dataclass(frozen=True, repr=False)
class Earlier:
    """A material of an earlier case."""

    sent: MaterialSent
    case: Case
    case_number: str
    given_on: date


def holder_hash(seal: Seal, number: str) -> str:
    """Whose cases these are: by the applicant's ID number, or the company's USCC."""
    return seal.keyed_hash("case-holder", number.strip().upper())


def case_holder(seal: Seal, case: Case) -> str:
    """The same of a case."""
    return holder_hash(seal, case.company.uscc if case.company else case.applicant.number)


class EarlierMaterials:
    """Materials of accepted cases; their bytes are still in the store of uploads."""

    def __init__(self, database: Database, seal: Seal, uploads: UploadStore) -> None:
        self._database, self._seal, self._uploads = database, seal, uploads

    def newest(self, number: str, wanted: list[Material], now: datetime) -> Mapping[str, Earlier]:
        """By the wanted material's id: the newest of the same name that its `reuse_months` still allow.

        One that was doubted when it was read does not count, nor one that came from the platform: its age would begin
        anew.
        """
        since = {each.id: months_before(now.astimezone(OFFICE_TIME).date(), each.reuse_months) for each in wanted}
        asked = [each for each in wanted if each.reuse_months]
        found: dict[str, Earlier] = {}
        for earlier in self._given(number) if asked else ():
            for each in asked:
                same, young = earlier.sent.name == each.name.zh, earlier.given_on >= since[each.id]
                if same and young and each.id not in found:
                    found[each.id] = earlier
        return found

    def content(self, sha256: str) -> bytes | None:
        """The bytes; None where they are not kept any more."""
        path = self._uploads.path_of(sha256)
        return path.read_bytes() if path.is_file() else None

    def _given(self, number: str) -> Iterator[Earlier]:
        query = (
            select(CaseRecord)
            .where(CaseRecord.holder == holder_hash(self._seal, number), CaseRecord.answer.is_not(None))
            .order_by(CaseRecord.received_at.desc())
            .limit(MOST_CASES)
        )
        with self._database.reading() as session:
            records = list(session.scalars(query))
        for record in records:
            answer, case = CaseAnswer.model_validate(record.answer), Case.model_validate_json(record.content)
            if answer.accepted_at is None:
                continue
            given_on = answer.accepted_at.astimezone(OFFICE_TIME).date()
            for sent in case.materials:
                pdf = sent.media_type == "application/pdf" and sent.size <= LARGEST_HOLDING
                if pdf and not (sent.from_platform or sent.doubts) and self._uploads.path_of(sent.sha256).is_file():
                    yield Earlier(sent, case, answer.case_number, given_on)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
