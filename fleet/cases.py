"""Cases (办件): received once, accepted when everything is here, concluded at once where the item is instant."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from contract.cases import Case, CaseAnswer
from contract.certificates import Certificate, FinishedDocument
from contract.codes import CaseState, Outcome, ProjectType
from contract.items import ServiceItem
from fleet.certificates import issue
from fleet.connectors.interface import SealedDocument
from fleet.database import next_number
from fleet.earlier_materials import case_holder
from fleet.eligibility import is_stranger, refuse_ineligible
from fleet.errors import CaseConflict, CaseRefused
from fleet.office_time import OFFICE_TIME
from fleet.outcomes import STATES, Decision, Times, decide, notice, words
from fleet.platform import Platform
from fleet.signatures import refuse_forged, refuse_unbound
from fleet.tables import CaseEvent, CaseRecord, IssuedCertificate, MaterialHeld, NoticeRecord, Terminal
from fleet.working_days import due_date

_SHA256 = re.compile(r"[0-9a-f]{64}")


def receive(platform: Platform, terminal_id: str, case: Case) -> CaseAnswer:
    """The platform's answer to `case`, the same however often it comes.

    While materials or signed letters are owed: state 02 and their hashes. Then it is accepted, once.
    Raises CaseConflict for other content under the same id, CaseRefused for a case that cannot be taken at all, and
    ServiceUnavailable where the city's service should have made its certificate: the terminal asks again later.
    """
    item = _item(platform, terminal_id, case)
    refuse_ineligible(case, item)
    stranger = not _known(platform, case) and is_stranger(case, platform.connectors)
    content = case.model_dump_json()
    # outside of the transaction: reading PDFs takes longer than the database waits for
    checked = _whole(platform, terminal_id, case)
    if checked:
        refuse_forged(case, platform)
    with platform.database.writing() as session:
        record = session.get(CaseRecord, str(case.case_id))
        if record is None:
            record = CaseRecord(
                id=str(case.case_id),
                terminal_id=terminal_id,
                task_code=case.task_code,
                content=content,
                received_at=datetime.now(UTC),
                stranger=stranger,
                holder=case_holder(platform.seal, case),
            )
            session.add(record)
            session.flush()
            note(session, record.id, "received", terminal_id, case.receipt_number)
        if record.terminal_id != terminal_id:
            raise CaseConflict("this case id belongs to another terminal")
        if record.content != content:
            raise CaseConflict("this case id came before with other content; send a new case under a new id")
        if record.answer is not None:
            return CaseAnswer.model_validate(record.answer)
        missing = _missing(session, terminal_id, case)
        if missing:
            return CaseAnswer(case_id=case.case_id, state=CaseState.RECEIVED, missing=missing)
        if not checked:
            refuse_forged(case, platform)
        decision = decide(case, item, stranger=record.stranger)
    # outside of any transaction: the city's service may take seconds
    made = finished_document(platform, case, item, decision)
    with platform.database.writing() as session:
        record = session.get_one(CaseRecord, str(case.case_id))
        if record.answer is not None:
            return CaseAnswer.model_validate(record.answer)
        answer = settle(platform, session, record, decision, by="rule", made=made)
        if decision.outcome is not Outcome.NOT_ACCEPTED:
            platform.saved.submitted(session, case.continues, (case.agent or case.applicant).number)
    return answer


def finished_document(platform: Platform, case: Case, item: ServiceItem, decision: Decision) -> SealedDocument | None:
    """The certificate as the city's service made it, where this decision ends the case and the service makes them.

    To be called outside of any transaction. Raises ServiceUnavailable.
    """
    return platform.connectors.document(case, item) if _concludes(item, decision) and item.result else None


def settle(
    platform: Platform,
    session: Session,
    record: CaseRecord,
    decision: Decision,
    by: str,
    made: SealedDocument | None,
) -> CaseAnswer:
    """Give the case this outcome: its number the first time, a numbered notice each time, a certificate if it is done.

    `by` is who decided, for the record; `made` is `finished_document`. The case must have come whole.
    """
    case = Case.model_validate_json(record.content)
    item = _item(platform, case.terminal_id, case)
    now = datetime.now(UTC)
    local = now.astimezone(OFFICE_TIME)
    if record.case_number is None:
        record.case_number = _case_number(session, case, local)
    owed_by = due_date(now, item.later_days)
    instant = item.project_type is ProjectType.INSTANT and not decision.doubted
    promised = now if instant else due_date(now, max(item.guide.promise_days, 1))
    owing = bool(decision.owed)
    due_at = max(promised, owed_by) if owing else promised
    series = words()[decision.outcome.value]["series"]
    running = next_number(session, f"notice {series} {local:%Y}")
    times = Times(*(each.astimezone(OFFICE_TIME) for each in (record.received_at, now, due_at, owed_by)))
    document = notice(decision, case, item, f"{series}字〔{local:%Y}〕{running:06d}号", record.case_number, times)
    accepted = STATES[decision.outcome] is CaseState.ACCEPTED
    concluded = _concludes(item, decision)
    result = _result(platform, session, case, item, made, local) if concluded and item.result else {}
    answer = CaseAnswer(
        case_id=case.case_id,
        state=CaseState.CONCLUDED if concluded else STATES[decision.outcome],
        case_number=record.case_number,
        accepted_at=now if accepted else None,
        due_at=due_at if accepted else owed_by if owing else None,
        notice=document,
        receipt_link=f"/receipts/{platform.receipt_links.token(case.case_id, now)}",
        **result,
    )
    record.answer = answer.model_dump(mode="json")
    session.add(NoticeRecord(number=document.number, case_id=record.id, content=document.model_dump(mode="json")))
    note(session, record.id, decision.outcome.value, by, document.number)
    return answer


def find(session: Session, case: str) -> CaseRecord | None:
    """The case of this number or id."""
    query = select(CaseRecord).where(or_(CaseRecord.id == case, CaseRecord.case_number == case))
    return session.scalars(query).one_or_none()


def note(session: Session, case_id: str, kind: str, by: str, subject: str) -> None:
    """Write down what happened to a case."""
    session.add(CaseEvent(case_id=case_id, at=datetime.now(UTC), kind=kind, by=by, subject=subject))


def _whole(platform: Platform, terminal_id: str, case: Case) -> bool:
    """Whether everything is here and nothing is decided yet."""
    with platform.database.reading() as session:
        record = session.get(CaseRecord, str(case.case_id))
        return (record is None or record.answer is None) and not _missing(session, terminal_id, case)


def _known(platform: Platform, case: Case) -> bool:
    """Whether it came before: what a register says now takes back no case that was taken."""
    with platform.database.reading() as session:
        return session.get(CaseRecord, str(case.case_id)) is not None


def _item(platform: Platform, terminal_id: str, case: Case) -> ServiceItem:
    if case.terminal_id != terminal_id:
        raise CaseRefused("the case names another terminal than the one that sends it")
    catalogue = platform.release(case.release_version)
    item = catalogue.item(case.task_code) if catalogue else None
    if item is None or not item.at_terminal:
        raise CaseRefused(f"release {case.release_version} offers no such item at a terminal")
    if not all(_SHA256.fullmatch(sha256) for sha256 in case.hashes):
        raise CaseRefused("a material's sha256 must be 64 hex digits in lower case")
    refuse_unbound(case, item)
    return item


def _missing(session: Session, terminal_id: str, case: Case) -> list[str]:
    query = select(MaterialHeld.sha256).where(
        MaterialHeld.case_id == str(case.case_id), MaterialHeld.terminal_id == terminal_id
    )
    held = set(session.scalars(query))
    return [sha256 for sha256 in case.hashes if sha256 not in held]


def _case_number(session: Session, case: Case, local: datetime) -> str:
    profile = session.get_one(Terminal, case.terminal_id).profile
    prefix = f"{profile['division'][:4]}-{local.year % 1000:03d}{local:%m%d}"
    return f"{prefix}-{next_number(session, f'case {prefix}'):05d}"


def _concludes(item: ServiceItem, decision: Decision) -> bool:
    """Whether the decision ends the case: accepted, nothing owed, nothing doubted, and the item is done at once."""
    accepted = STATES[decision.outcome] is CaseState.ACCEPTED
    return accepted and not decision.owed and not decision.doubted and item.project_type is ProjectType.INSTANT


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
