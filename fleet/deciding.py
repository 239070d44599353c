"""What a person at the office decides on a case that came whole."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from contract.cases import Case, CaseAnswer
from contract.codes import CaseState, MaterialNeed, Outcome
from contract.items import ServiceItem
from contract.outcomes import OwedPaper
from fleet.cases import find, finished_document, settle
from fleet.errors import DecisionRefused
from fleet.outcomes import STATES, Decision
from fleet.platform import Platform
from fleet.tables import CaseRecord

#: nothing is decided any more once a certificate was given or the case was turned away
OVER = (CaseState.CONCLUDED, CaseState.NOT_ACCEPTED)


def decide_by_hand(
    platform: Platform,
    case: str,
    outcome: Outcome,
    by: str,
    reason: str = "",
    where: str = "",
    owed: Mapping[str, str] | None = None,
) -> CaseAnswer:
    """The case of this number or id gets this outcome and its notice; `owed` are materials with what is wrong.

    Raises DecisionRefused, and nothing is changed.
    """
    if not by.strip():
        raise DecisionRefused("say who decides")
    asked = (outcome, reason.strip(), where.strip(), owed or {})
    with platform.database.reading() as session:
        sent, item, decision = _decision(platform, _record(session, case), *asked)
    # outside of the transaction: the city's service may take seconds
    made = finished_document(platform, sent, item, decision)
    with platform.database.writing() as session:
        record = _record(session, case)
        # somebody may have decided meanwhile
        _decision(platform, record, *asked)
        return settle(platform, session, record, decision, by.strip(), made)


def _record(session: Session, case: str) -> CaseRecord:
    record = find(session, case)
    if record is None:
        raise DecisionRefused("there is no such case")
    return record


def _decision(
    platform: Platform, record: CaseRecord, outcome: Outcome, reason: str, where: str, owed: Mapping[str, str]
) -> tuple[Case, ServiceItem, Decision]:
    """What is decided of which case, if it can be."""
    if record.answer is None:
        raise DecisionRefused("the case has not come whole yet; materials are still on their way")
    present = CaseAnswer.model_validate(record.answer)
    if present.state in OVER:
        raise DecisionRefused("the case is over; nothing can be decided on it any more")
    if present.accepted_at is not None and STATES[outcome] is not CaseState.ACCEPTED:
        raise DecisionRefused("the case is accepted; that is not taken back here")
    sent = Case.model_validate_json(record.content)
    catalogue = platform.release(sent.release_version)
    item = catalogue.item(sent.task_code) if catalogue else None
    if item is None:
        raise DecisionRefused("the release this case was made with is not known")
    decision = Decision(outcome, _owed(item, outcome, owed), reason, where)
    _refuse_incomplete(decision)
    return sent, item, decision


def _owed(item: ServiceItem, outcome: Outcome, owed: Mapping[str, str]) -> tuple[OwedPaper, ...]:
    materials = {material.id: material for material in item.materials}
    for name, reason in owed.items():
        if name not in materials:
            raise DecisionRefused(f"the item has no material {name}; it has: {' '.join(materials)}")
        if not reason:
            raise DecisionRefused(f"say what is wrong with {name}: --owe {name}=REASON")
        if outcome is Outcome.ACCEPTED_OWING and materials[name].need is not MaterialNeed.LATER:
            raise DecisionRefused(f"{name} may not follow later (容缺后补) by the item's own rules")
    return tuple(
        OwedPaper(material_id=name, name=materials[name].name.zh, reason=reason) for name, reason in owed.items()
    )


def _refuse_incomplete(decision: Decision) -> None:
    """Every notice says what 行政许可法第三十二条 asks of it."""
    match decision.outcome:
        case Outcome.TO_SUPPLEMENT | Outcome.ACCEPTED_OWING if not decision.owed:
            raise DecisionRefused("name everything that is asked for, at once: --owe MATERIAL=REASON")
        case Outcome.ACCEPTED | Outcome.CORRECTED | Outcome.NOT_ACCEPTED if decision.owed:
            raise DecisionRefused("this outcome asks for no material; leave out --owe")
        case Outcome.NOT_ACCEPTED if not (decision.reason and decision.where):
            raise DecisionRefused("say why, and where to go instead: --reason and --where")
        case Outcome.CORRECTED if not decision.reason:
            raise DecisionRefused("say what was corrected on the spot: --reason")
