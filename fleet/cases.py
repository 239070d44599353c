"""Cases (办件): received once, accepted when everything is here, concluded at once where the item is instant."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.cases import Case, CaseAnswer
from contract.certificates import Certificate, FinishedDocument
from contract.codes import CaseState, ProjectType
from contract.items import ServiceItem
from fleet.certificates import issue
from fleet.connectors.interface import SealedDocument
from fleet.database import next_number
from fleet.eligibility import refuse_ineligible, refuse_strangers
from fleet.errors import CaseConflict, CaseRefused
from fleet.platform import Platform
from fleet.tables import CaseRecord, IssuedCertificate, MaterialHeld, Terminal

#: Offices count days in Chinese time.
OFFICE_TIME = ZoneInfo("Asia/Shanghai")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def receive(platform: Platform, terminal_id: str, case: Case) -> CaseAnswer:
    """The platform's answer to `case`, the same however often it comes.

    While materials or signature pictures are owed: state 02 and their hashes. Then it is accepted, once.
    Raises CaseConflict for other content under the same id, CaseRefused for a case that cannot be taken at all, and
    ServiceUnavailable where the city's service should have made its certificate: the terminal asks again later.
    """
    item = _item(platform, terminal_id, case)
    refuse_ineligible(case, item)
    if not _known(platform, case):
        refuse_strangers(case, platform.connectors)
    content = case.model_dump_json()
    with platform.database.writing() as session:
        record = session.get(CaseRecord, str(case.case_id))
        if record is None:
            record = CaseRecord(
                id=str(case.case_id),
                terminal_id=terminal_id,
                task_code=case.task_code,
                content=content,
                received_at=datetime.now(UTC),
            )
            session.add(record)
        if record.terminal_id != terminal_id:
            raise CaseConflict("this case id belongs to another terminal")
        if record.content != content:
            raise CaseConflict("this case id came before with other content; send a new case under a new id")
        if record.answer is not None:
            return CaseAnswer.model_validate(record.answer)
        missing = _missing(session, terminal_id, case)
        if missing:
            return CaseAnswer(case_id=case.case_id, state=CaseState.RECEIVED, missing=missing)
    # outside of any transaction: the city's service may take seconds
    made = platform.connectors.document(case, item) if _concludes(item) else None
    with platform.database.writing() as session:
        record = session.get_one(CaseRecord, str(case.case_id))
        if record.answer is not None:
            return CaseAnswer.model_validate(record.answer)
        answer = _accept(platform, session, case, item, made)
        record.case_number = answer.case_number
        record.answer = answer.model_dump(mode="json")
        platform.saved.submitted(session, case.continues, (case.agent or case.applicant).number)
    return answer


def _known(platform: Platform, case: Case) -> bool:
    """Whether it came before: what a register says now takes back no case that was taken."""
    with platform.database.reading() as session:
        return session.get(CaseRecord, str(case.case_id)) is not None


def due_date(accepted_at: datetime, days: int) -> datetime:
    """The end of the last of `days` working days after acceptance. Public holidays are not known here."""
    day = accepted_at.astimezone(OFFICE_TIME).date()
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=OFFICE_TIME).astimezone(UTC)


def _item(platform: Platform, terminal_id: str, case: Case) -> ServiceItem:
    if case.terminal_id != terminal_id:
        raise CaseRefused("the case names another terminal than the one that sends it")
    catalogue = platform.release(case.release_version)
    item = catalogue.item(case.task_code) if catalogue else None
    if item is None or not item.at_terminal:
        raise CaseRefused(f"release {case.release_version} offers no such item at a terminal")
    if not all(_SHA256.fullmatch(sha256) for sha256 in _owed(case)):
        raise CaseRefused("a material's sha256 must be 64 hex digits in lower case")
    for signature in case.signatures:
        if hashlib.sha256(signature.document.encode()).hexdigest() != signature.document_sha256:
            raise CaseRefused("a signature is not bound to its document: document_sha256 differs")
    return item


def _owed(case: Case) -> list[str]:
    hashes = [material.sha256 for material in case.materials]
    hashes += [signature.picture_sha256 for signature in case.signatures]
    return list(dict.fromkeys(hashes))


def _missing(session: Session, terminal_id: str, case: Case) -> list[str]:
    query = select(MaterialHeld.sha256).where(
        MaterialHeld.case_id == str(case.case_id), MaterialHeld.terminal_id == terminal_id
    )
    held = set(session.scalars(query))
    return [sha256 for sha256 in _owed(case) if sha256 not in held]


def _concludes(item: ServiceItem) -> bool:
    """Whether the item is instant and yields a certificate."""
    return item.project_type is ProjectType.INSTANT and item.result is not None


def _accept(
    platform: Platform, session: Session, case: Case, item: ServiceItem, made: SealedDocument | None
) -> CaseAnswer:
    now = datetime.now(UTC)
    local = now.astimezone(OFFICE_TIME)
    profile = session.get_one(Terminal, case.terminal_id).profile
    day = f"{local.year % 1000:03d}{local:%m%d}"
    prefix = f"{profile['division'][:4]}-{day}"
    number = f"{prefix}-{next_number(session, f'case {prefix}'):05d}"
    answer = CaseAnswer(case_id=case.case_id, state=CaseState.ACCEPTED, case_number=number, accepted_at=now, due_at=now)
    if item.project_type is not ProjectType.INSTANT:
        return answer.model_copy(update={"due_at": due_date(now, item.guide.promise_days)})
    result = _result(platform, session, case, item, made, local) if _concludes(item) else {}
    return answer.model_copy(update={"state": CaseState.CONCLUDED, **result})


def _result(
    platform: Platform, session: Session, case: Case, item: ServiceItem, made: SealedDocument | None, local: datetime
) -> dict[str, Certificate | FinishedDocument]:
    assert item.result is not None
    issued: Certificate | FinishedDocument
    if made is not None:
        issued = platform.documents.keep(case.case_id, made, local)
    else:
        running = next_number(session, f"certificate {item.result.series} {local:%y}")
        issued = issue(case, item, running, platform.certificate_key, local)
    content = issued.model_dump(mode="json")
    session.add(IssuedCertificate(number=issued.number, case_id=str(case.case_id), content=content))
    return {"document": issued} if isinstance(issued, FinishedDocument) else {"certificate": issued}
