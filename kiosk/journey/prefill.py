"""Answers the terminal knows already (免填): from the card, the platform, the situation and the papers just scanned."""

from __future__ import annotations

from contract import papers
from contract.identity import Person
from contract.items import ServiceItem
from kiosk.forms import FormSession, Page, Question, RepeatPage
from kiosk.items import to_scan
from kiosk.journey.visit_state import VisitState
from kiosk.words import say


def prefill(state: VisitState, item: ServiceItem) -> dict[str, str]:
    """By the source names of a workbook's column `bind::bianmin:from`.

    `identity/…` is the applicant; `agent/…` who stands here for them; `company/…` the company the applicant acts for;
    `paper/…` what was read from a paper.
    """
    values = {f"situation/{situation.id}": state.situations.get(situation.id, "") for situation in item.situations}
    if state.applicant is not None:
        values |= _person("identity", state.applicant)
    if state.principal is not None and state.person is not None:
        values |= _person("agent", state.person)
    if state.company is not None:
        company = state.company
        values |= {
            "company/name": company.name,
            "company/uscc": company.uscc,
            "company/legal_representative": company.legal_representative,
        }
    return values | from_papers(state, item)


def from_papers(state: VisitState, item: ServiceItem) -> dict[str, str]:
    """What the papers say that are asked for in this situation."""
    asked = {material.id for material in to_scan(item, state.facts)}
    return {
        papers.source(material, field): value
        for material, values in state.readings.items()
        if material in asked
        for field, value in values.items()
    }


def _person(who: str, person: Person) -> dict[str, str]:
    return {
        f"{who}/name": person.name,
        f"{who}/number": person.number,
        f"{who}/sex": person.sex,
        f"{who}/birth": person.birth.isoformat() if person.birth else "",
        f"{who}/address": person.address,
        f"{who}/mobile": person.mobile,
    }


def source_name(source: str, state: VisitState, language: str) -> str:
    """Where a prefilled answer came from, in a citizen's words: 身份证, 居民码, 刚才选的."""
    kind, _, field = source.partition("/")
    if kind == "situation":
        return say("source.situation", language)
    if kind in ("company", "paper"):
        return say(f"source.{kind}", language)
    person = state.person if kind == "agent" else state.applicant
    if kind not in ("identity", "agent") or person is None or not getattr(person, field, ""):
        return ""
    if person is state.principal:
        return say("source.principal_card" if state.principal_card else "source.principal", language)
    return say(f"source.{state.login}", language)


def to_confirm(question: Question) -> bool:
    """Whether the citizen must still say that a prefilled answer is right; what they chose themselves just now is."""
    return not question.confirmed and bool(question.value) and not question.source.startswith("situation/")


def unconfirmed(session: FormSession) -> str:
    """The path of the first prefilled answer nobody has said yes to, or ""."""
    pages: tuple[Page | RepeatPage, ...] = session.pages()
    return next((each.path for page in pages for each in page.questions if to_confirm(each)), "")
