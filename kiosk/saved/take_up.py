"""Going on with a saved application: what fits the item as it is offered now is taken up, in a visit that is new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contract.identity import Company
from contract.items import ServiceItem
from contract.saving import SavedApplication
from kiosk.forms import Form, FormSession, Page, Question, RepeatPage
from kiosk.journey.prefill import prefill
from kiosk.journey.route import Stop, route
from kiosk.journey.visit_state import VisitState
from kiosk.saved.pack import form_hash

#: answers that are files: they stay behind, like the papers
FILES = ("image", "audio", "video", "file")


@dataclass(frozen=True)
class TakenUp:
    """Where it goes on; `changed`: the form is another than it was, and is to be looked through from its beginning."""

    stop: Stop
    changed: bool


def take_up(
    saved: SavedApplication,
    state: VisitState,
    item: ServiceItem,
    xml: bytes,
    resources: Callable[[str], bytes],
    company: Company | None,
    language: str,
) -> TakenUp:
    """Put it into `state`. `xml` is the item's form now, and `resources` reads the files it names.

    `company` is the one it is for, as the platform states it now.
    Answers that cannot be changed in the form come from this visit's login, not from what was saved. Raises FormError.
    """
    seen = state.principal if state.principal_card and state.principal is not None else None
    same = seen is not None and saved.principal is not None and seen.number == saved.principal.number
    state.act_for(seen if same else saved.principal, company, card=same)
    state.begin_item(item.task_code)
    offered = {situation.id: {choice.value for choice in situation.choices} for situation in item.situations}
    state.situations = {key: value for key, value in saved.situations.items() if value in offered.get(key, ())}
    if not saved.form:
        return TakenUp(_stop(state, item), changed=False)
    changed = form_hash(xml) != saved.form_sha256
    state.form = Form.load(xml, resources).restore(saved.form.encode(), language, other_version=changed)
    state.form.refill(prefill(state, item))
    _drop(state.form, changed)
    if changed and (pages := state.form.pages()):
        state.form.go_to(pages[0].path)
    return TakenUp(_stop(state, item), changed)


def _stop(state: VisitState, item: ServiceItem) -> Stop:
    """The first stop that is not done."""
    for stop in route(item, state.facts):
        if stop.kind == "situation" and item.situations[stop.index].id in state.situations:
            continue
        if stop.kind == "form" and state.form is not None and state.form.page is None:
            continue
        return stop
    return Stop("check")


def _drop(session: FormSession, changed: bool) -> None:
    """Take back the answers that are files, and in another edition of the form those it does not allow."""
    pages: tuple[Page | RepeatPage, ...] = session.pages()
    for question in [each for page in pages for each in page.questions]:
        if not question.value or question.readonly or question.kind == "note":
            continue
        if question.kind in FILES or (changed and _refused(session, question)):
            session.answer(question.path, "")


def _refused(session: FormSession, question: Question) -> bool:
    # an answer is a yes to what was prefilled: that is still to be asked
    return question.confirmed and session.answer(question.path, question.value) is not None
