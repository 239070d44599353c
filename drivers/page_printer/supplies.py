"""What a printer says of its toner, ink and paper: marker-* (CUPS), printer-supply and printer-input-tray (PWG 5100.13,
whose strings are the rows of the Printer MIB, RFC 3805).

A level under zero is no figure: -1 and -2 are unknown, -3 means that some is left (RFC 3805 prtMarkerSuppliesLevel).
A waste tank is told by the room that is left in it, so that a small figure is always the one to act on. That is what
printer-supply tells of it (RFC 3805: "the remaining space if this supply is a receptacle"); marker-levels tell how full
it is (CUPS turns the figure round, backend/snmp-supplies.c).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drivers.status import Supply

Attributes = Mapping[str, Sequence[Any]]
# What makes marks; fusers, drums and belts are told, and are neither toner nor ink.
_MARKS = ("toner", "ink", "ribbon", "wax", "developer")


def toner_supplies(said: Attributes, low_at: Mapping[str, int]) -> tuple[Supply, ...]:
    """Everything but paper. `low_at` is percent by a supply's own name, by "toner" or by "waste"; where it says
    nothing, the printer's own marker-low-levels holds.
    """
    names, levels = said.get("marker-names", ()), said.get("marker-levels", ())
    if names and len(names) == len(levels):
        kinds, lows = said.get("marker-types", ()), said.get("marker-low-levels", ())
        return tuple(
            _supply(str(name), _at(kinds, i, name), _known(level, 100), low_at, _known(_at(lows, i, None), 100))
            for i, (name, level) in enumerate(zip(names, levels, strict=True))
        )
    described = said.get("printer-supply-description", ())
    found = []
    for i, row in enumerate(said.get("printer-supply", ())):
        fields = pairs(row)
        kind = fields.get("type", "")
        most = 100 if fields.get("unit") == "percent" else _number(fields.get("maxcapacity"))
        level = _known(_number(fields.get("level")), most)
        waste = "waste" if fields.get("class") == "receptacleThatIsFilled" else ""
        name = _at(described, i, "") or " ".join(filter(None, (fields.get("colorantname"), kind))) or f"supply {i + 1}"
        if level is not None and "waste" in (waste or kind).lower():
            level = 100 - level  # as marker-levels tell it
        found.append(_supply(str(name), waste or kind or name, level, low_at, None))
    return tuple(found)


def paper_supplies(said: Attributes, low_at: Mapping[str, int], tray: str = "") -> tuple[Supply, ...]:
    """The trays whose paper a page may be printed on, which is `tray` alone where one is named."""
    rows = [pairs(row) for row in said.get("printer-input-tray", ())]
    if tray:
        rows = [row for row in rows if row.get("name") == tray]
    elif any(row.get("type") == "sheetFeedAutoRemovableTray" for row in rows):
        # cassettes; a by-pass tray or a single sheet fed by hand is not what pages come from
        rows = [row for row in rows if row.get("type") == "sheetFeedAutoRemovableTray"]
    found = []
    for row in rows:
        name = " ".join(filter(None, ("paper", row.get("name", ""))))
        level = _known(_number(row.get("level")), _number(row.get("maxcapacity")))
        found.append(Supply(name, level, low_at.get(name, low_at.get("paper"))))
    return tuple(found)


def is_toner(supply_name_or_kind: str) -> bool:
    """Whether this makes marks on paper."""
    word = supply_name_or_kind.lower()
    return "waste" not in word and any(mark in word for mark in _MARKS)


def pairs(row: Any) -> dict[str, str]:
    """ "key=value;key=value;" as a dict; pieces of another form are left out."""
    text = row.decode("utf-8", "replace") if isinstance(row, bytes) else str(row)
    found = (piece.partition("=") for piece in text.split(";"))
    return {key.strip(): value.strip() for key, equals, value in found if equals}


def _supply(name: str, kind: Any, level: int | None, low_at: Mapping[str, int], own: int | None) -> Supply:
    if "waste" in str(kind).lower():
        return Supply(name, None if level is None else 100 - level, low_at.get(name, low_at.get("waste")))
    fallback = low_at.get("toner", own) if is_toner(str(kind)) or is_toner(name) else own
    return Supply(name, level, low_at.get(name, fallback))


def _at(values: Sequence[Any], index: int, otherwise: Any) -> Any:
    return values[index] if index < len(values) else otherwise


def _number(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None


def _known(level: Any, most: int | None) -> int | None:
    """Percent, or None where the level is no figure."""
    if not isinstance(level, int) or isinstance(level, bool) or level < 0 or not most or most < 0:
        return None
    return min(100, round(100 * level / most))
