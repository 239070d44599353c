"""Which letters (告知承诺书, 容缺受理承诺书) a visit signs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from contract.codes import LetterKind
from contract.items import ServiceItem
from kiosk.items.materials import owed_later


def letter_kinds(item: ServiceItem, facts: Mapping[str, str], later: Collection[str] = ()) -> list[LetterKind]:
    """In this order; `later` are the ids of materials the citizen does not have today."""
    signed = [LetterKind.COMMITMENT] if item.commitment else []
    return [*signed, LetterKind.LATER] if owed_later(item, facts, later) else signed
