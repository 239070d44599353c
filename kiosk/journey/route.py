"""The way through one item: which stops it has, given the situation; nothing is asked that the item does not need."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from contract.items import ServiceItem
from kiosk.items.letters import letter_kinds
from kiosk.items.materials import to_scan


@dataclass(frozen=True)
class Stop:
    """One stop: `kind` is situation, form, scan, commitment, sign or check; `index` which of several."""

    kind: str
    index: int = 0


#: kind of stop -> part of the step line
PARTS = {
    "situation": "situation",
    "form": "form",
    "scan": "scan",
    "commitment": "sign",
    "sign": "sign",
    "check": "check",
}


def route(item: ServiceItem, facts: Mapping[str, str], later: Collection[str] = ()) -> list[Stop]:
    """The stops of an item in order; [] for an item that is printed straight from the guide.

    `later` are the materials the citizen does not have today: their letter is signed, too. Where the terminal reads one
    of the papers, all are scanned before the form, which offers what they say.
    """
    stops = [Stop("situation", index) for index in range(len(item.situations))]
    materials = to_scan(item, facts)
    form = [Stop("form")] if item.form else []
    scans = [Stop("scan", index) for index in range(len(materials))]
    stops += [*scans, *form] if any(material.reads for material in materials) else [*form, *scans]
    for index in range(len(letter_kinds(item, facts, later))):
        stops += [Stop("commitment", index), Stop("sign", index)]
    return [*stops, Stop("check")] if stops else []


def parts(item: ServiceItem, facts: Mapping[str, str]) -> list[str]:
    """The step line's parts, the last being the submission itself."""
    return [*dict.fromkeys(PARTS[stop.kind] for stop in route(item, facts)), "submit"]
