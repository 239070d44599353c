"""A visit's application as it is saved: answers, and what is left to do. Papers and the signature stay behind."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from contract.items import ServiceItem
from contract.model import Words
from contract.saving import SavedApplication
from kiosk.items import to_scan
from kiosk.journey.visit_state import VisitState
from kiosk.words import LANGUAGES, say


def form_hash(xml: bytes) -> str:
    """What tells two editions of a form apart, whatever their version says."""
    return hashlib.sha256(xml).hexdigest()


def pack(state: VisitState, item: ServiceItem, xml: bytes, version: int, language: str) -> SavedApplication:
    """The application of `item`, whose form is `xml`, as it stands."""
    return SavedApplication(
        task_code=item.task_code,
        item_name=item.name,
        release_version=version,
        language=language,
        saved_at=datetime.now(UTC),
        principal=state.principal,
        company=state.company,
        situations=dict(state.situations),
        form_sha256=form_hash(xml),
        form=state.form.serialise().decode() if state.form else "",
        to_do=to_do(state, item),
    )


def to_do(state: VisitState, item: ServiceItem) -> list[Words]:
    """What is done at a terminal, after the form."""
    left = [
        Words(**{one: say("saved.scan", one, name=material.name.in_language(one)) for one in LANGUAGES})
        for material in to_scan(item, state.facts)
    ]
    if item.commitment is not None:
        left.append(Words(**{one: say("saved.sign", one) for one in LANGUAGES}))
    return [*left, Words(**{one: say("saved.submit", one) for one in LANGUAGES})]
