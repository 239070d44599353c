"""Answers the terminal knows already (免填): from the card, the platform and the situation just chosen."""

from __future__ import annotations

from contract.codes import LoginWay
from contract.items import ServiceItem
from kiosk.journey.visit_state import VisitState
from kiosk.words import say


def prefill(state: VisitState, item: ServiceItem) -> dict[str, str]:
    """By the source names of a workbook's column `bind::bianmin:from`."""
    values = {f"situation/{situation.id}": state.situations.get(situation.id, "") for situation in item.situations}
    if state.person is not None:
        values |= {
            "identity/name": state.person.name,
            "identity/number": state.person.number,
            "identity/sex": state.person.sex,
            "identity/birth": state.person.birth.isoformat() if state.person.birth else "",
            "identity/address": state.person.address,
            "identity/mobile": state.person.mobile,
        }
    return values


def source_name(source: str, state: VisitState, language: str) -> str:
    """Where a prefilled answer came from, in a citizen's words: 身份证, 居民码, 刚才选的."""
    if source.startswith("situation/"):
        return say("source.situation", language)
    if source == "identity/mobile" and not (state.person and state.person.mobile):
        return ""
    if source.startswith("identity/"):
        return say("source.id_card" if state.login is LoginWay.ID_CARD else "source.citizen_code", language)
    return ""
