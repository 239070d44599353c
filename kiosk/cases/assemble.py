"""A finished visit as a Case: answers, materials and signature bound together under one id."""

from __future__ import annotations

from datetime import datetime

from contract.cases import Answer, Case
from contract.codes import Acting
from contract.items import ServiceItem
from kiosk.cases.answer_files import sent
from kiosk.forms import Finished
from kiosk.items.letters import letter_kinds
from kiosk.items.materials import owed_later
from kiosk.journey.visit_state import VisitState


def assemble(
    state: VisitState,
    item: ServiceItem,
    terminal_id: str,
    receipt_number: str,
    release_version: int,
    finished: Finished | None,
    submitted_at: datetime,
) -> Case:
    """The case of a visit whose identity is known and whose form, if the item has one, is finished.

    Its id is the visit state's, so that a case that is submitted twice is one case.
    """
    if state.person is None or state.login is None or state.applicant is None:
        raise ValueError("nobody is logged in")
    return Case(
        case_id=state.case_id,
        receipt_number=receipt_number,
        terminal_id=terminal_id,
        task_code=item.task_code,
        item_name=item.name.zh,
        release_version=release_version,
        login=state.login,
        assurance=state.assurance,
        applicant=state.applicant,
        agent=state.person if state.acting is Acting.AGENT else None,
        principal_card=state.principal_card,
        company=state.company,
        helper=state.helper,
        situations=dict(state.situations),
        answers=[Answer(path=p, label=la, value=v, shown=s) for p, la, v, s in (finished.answers if finished else ())],
        instance=finished.instance.decode() if finished else "",
        materials=sent(state.materials.values(), (value for _, _, value, _ in (finished.answers if finished else ()))),
        signatures=[
            state.signatures[kind] for kind in letter_kinds(item, state.facts, state.later) if kind in state.signatures
        ],
        owed=[material.id for material in owed_later(item, state.facts, state.later)],
        continues=state.saved.lookup if state.saved else "",
        submitted_at=submitted_at,
    )
