"""Kinds of answers: what may be written, and how it is kept (ODK XForms specification, "Data Types")."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal, InvalidOperation

from kiosk.forms.xpath.values import date_time, iso_date_time

#: longest text answer; a citizen's longest field (an address) is far below
TEXT_LIMIT = 2000
#: what XML 1.0 cannot hold: control characters of barcodes, halves of surrogate pairs
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: type of a bind -> kind of question
KINDS = {
    "string": "text", "int": "integer", "integer": "integer", "decimal": "decimal", "boolean": "boolean",
    "date": "date", "time": "time", "dateTime": "datetime", "geopoint": "geopoint", "geotrace": "geotrace",
    "geoshape": "geoshape", "binary": "file", "barcode": "barcode", "rank": "rank", "select": "text",
    "select1": "text", "select_multiple": "text", "select_one": "text",
}  # fmt: skip

_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")
_TIME = re.compile(r"(\d\d):(\d\d)(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?")
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,15})?")
_FILE = re.compile(r"[^/\\\x00-\x1f]{1,200}")


def tidy(kind: str, value: str) -> str:
    """The answer as it is kept: no spaces around it, one between choices, seconds and offset with a time."""
    value = value.strip()
    if kind in ("select_multiple", "rank"):
        return " ".join(value.split())
    if kind == "datetime":
        moment = date_time(value)
        return iso_date_time(moment) if moment else value
    if kind == "time" and _TIME.fullmatch(value) and re.fullmatch(r"\d\d:\d\d(:\d\d)?", value):
        return value + (":00.000" if len(value) == 5 else ".000")
    return value


def well_formed(kind: str, value: str) -> bool:
    """Whether a tidy answer is one of this kind. Choices and bounds are another matter."""
    match kind:
        case "integer":
            return _INTEGER.fullmatch(value) is not None
        case "decimal":
            return _DECIMAL.fullmatch(value) is not None
        case "date":
            try:
                return date.fromisoformat(value).isoformat() == value
            except ValueError:
                return False
        case "time":
            try:
                return _TIME.fullmatch(value) is not None and time.fromisoformat(value) is not None
            except ValueError:
                return False
        case "datetime":
            return date_time(value) is not None
        case "boolean":
            return value in ("true", "false", "0", "1")
        case "acknowledge":
            return value == "OK"
        case "geopoint":
            return _is_point(value)
        case "geotrace":
            return len(_points(value)) >= 2 and all(map(_is_point, _points(value)))
        case "geoshape":
            ring = _points(value)
            closed = len(ring) >= 4 and ring[0].split()[:2] == ring[-1].split()[:2]
            return closed and all(map(_is_point, ring))
        case "image" | "audio" | "video" | "file":
            return _FILE.fullmatch(value) is not None and not value.startswith(".")
        case _:
            return len(value) <= TEXT_LIMIT and not UNWRITABLE.search(value)


def in_bounds(value: str, bounds: tuple[str, str, str]) -> bool:
    """Whether a number is one a range offers: between start and end, whole steps from start."""
    try:
        start, end, step = map(Decimal, bounds)
        amount = Decimal(value)
    except InvalidOperation:
        return False
    low, high = min(start, end), max(start, end)
    return low <= amount <= high and (step == 0 or (amount - start) % abs(step) == 0)


def _points(value: str) -> list[str]:
    return [point for point in (one.strip() for one in value.split(";")) if point]


def _is_point(value: str) -> bool:
    parts = value.split()
    if not 2 <= len(parts) <= 4 or not all(_DEGREES.fullmatch(one) for one in parts[:2]):
        return False
    try:
        latitude, longitude, *rest = map(float, parts)
    except ValueError:
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180 and all(abs(one) < 1e6 for one in rest)
