"""What becomes of a case: the rule, and the numbered document (文书) that says so.

The rule decides what a rule can: papers that are missing, papers put right at the terminal, and a register's no. What
a person decides, such as an objection to what a paper says, comes by `kiosk-fleet decide`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from contract.cases import Case
from contract.codes import Acting, CaseState, LetterKind, MaterialNeed, Outcome, TaskType
from contract.items import Commitment, Material, ServiceItem
from contract.model import Words
from contract.outcomes import Notice, OwedPaper
from fleet.certificates import masked

STATES = {
    Outcome.ACCEPTED: CaseState.ACCEPTED,
    Outcome.CORRECTED: CaseState.ACCEPTED,
    Outcome.ACCEPTED_OWING: CaseState.ACCEPTED,
    Outcome.TO_SUPPLEMENT: CaseState.TO_SUPPLEMENT,
    Outcome.NOT_ACCEPTED: CaseState.NOT_ACCEPTED,
}


@dataclass(frozen=True)
class Decision:
    """An outcome with what its document must say: everything owed at once, or the reason and where to go.

    `doubted`: the terminal found that a paper does not fit; a person looks at it before the case is done.
    """

    outcome: Outcome
    owed: tuple[OwedPaper, ...] = ()
    reason: str = ""
    where: str = ""
    doubted: bool = False


@dataclass(frozen=True)
class Times:
    """The days a notice names; all in the office's time."""

    received_at: datetime
    issued_at: datetime
    due_at: datetime
    owed_by: datetime


def decide(case: Case, item: ServiceItem, *, stranger: bool = False) -> Decision:
    """The rule. `stranger`: the register of companies says that the applicant may not act for the company.

    Papers missing that must be there: 补齐补正, all of them at once. Only papers missing that may follow, and the
    letter that promises them signed: 容缺受理. Nothing missing: 受理, or 当场更正 where a wrong paper was exchanged for
    the right one at the terminal.
    """
    if stranger and case.company is not None:
        reason = words()["reasons"]["not_the_companys"].format(company=case.company.name)
        return Decision(Outcome.NOT_ACCEPTED, reason=reason, where=words()["reasons"]["register"])
    missing, signed = missing_papers(case, item), {each.kind for each in case.signatures}
    unsigned = item.commitment is not None and LetterKind.COMMITMENT not in signed
    if not missing and not unsigned:
        return _complete(case)
    owed = tuple(
        OwedPaper(material_id=each.id, name=each.name.zh, reason=words()["reasons"]["missing"]) for each in missing
    )
    if item.commitment is not None and unsigned:
        owed += (OwedPaper(material_id="letter", name=item.commitment.title.zh, reason=words()["reasons"]["unsigned"]),)
    promised = set(case.owed) if LetterKind.LATER in signed else set()
    later = all(each.need is MaterialNeed.LATER and each.id in promised for each in missing) and not unsigned
    return Decision(Outcome.ACCEPTED_OWING if later else Outcome.TO_SUPPLEMENT, owed)


def _complete(case: Case) -> Decision:
    if any(material.doubts for material in case.materials):
        return Decision(Outcome.ACCEPTED, doubted=True)
    corrected = [material.name for material in case.materials if material.corrected]
    if not corrected:
        return Decision(Outcome.ACCEPTED)
    return Decision(Outcome.CORRECTED, reason=words()["reasons"]["exchanged"].format(names="、".join(corrected)))


def missing_papers(case: Case, item: ServiceItem) -> list[Material]:
    """The papers that apply to this case, are not optional and did not come."""
    acting = Acting.COMPANY if case.company else Acting.AGENT if case.agent else Acting.SELF
    said = {f"{situation}={choice}" for situation, choice in case.situations.items()} | {f"acting={acting}"}
    came = {material.material_id for material in case.materials}
    return [
        material
        for material in item.materials
        if material.given
        and material.need is not MaterialNeed.OPTIONAL
        and (not material.when or said & set(material.when))
        and material.id not in came
    ]


def notice(decision: Decision, case: Case, item: ServiceItem, number: str, case_number: str, times: Times) -> Notice:
    """The document of `decision`; `number` is its 文书编号."""
    said = words()[decision.outcome.value]
    law = words()["law"]["licence" if item.task_type is TaskType.LICENCE else "other"]
    values = {
        "received": _day(times.received_at),
        "item": item.name.zh,
        "law": law,
        "due": _day(times.due_at),
        "owed_by": _day(times.owed_by),
        "reason": decision.reason,
        "where": decision.where,
        "place": item.guide.place or words()["unsaid"],
        "consult": item.guide.consult or words()["unsaid"],
    }
    who = (
        (case.company.name, case.company.uscc) if case.company else (case.applicant.name, masked(case.applicant.number))
    )
    return Notice(
        outcome=decision.outcome,
        number=number,
        title=said["title"],
        case_number=case_number,
        item_name=item.name.zh,
        addressee=who[0],
        masked_number=who[1],
        paragraphs=[paragraph.format(**values) for paragraph in said["paragraphs"]],
        owed=list(decision.owed),
        owed_by=times.owed_by if decision.owed else None,
        reason=decision.reason,
        where=decision.where,
        authority=item.dept_name.zh,
        issued_at=times.issued_at,
    )


def later_letter() -> Commitment:
    """容缺受理承诺书, as releases carry it for items with papers that may follow."""
    said = words()["later_letter"]
    pairs = zip(said["paragraphs_zh"], said["paragraphs_en"], strict=True)
    return Commitment(
        title=Words(zh=said["title_zh"], en=said["title_en"]), paragraphs=[Words(zh=zh, en=en) for zh, en in pairs]
    )


@cache
def words() -> Mapping[str, Any]:
    """The catalogue of letters and notices."""
    return tomllib.loads(files("fleet.words").joinpath("outcomes.toml").read_text(encoding="utf-8"))


def _day(moment: datetime) -> str:
    return f"{moment.year} 年 {moment.month} 月 {moment.day} 日"
