"""The four kinds of value of XPath and how one becomes another, with ODK's dates.

A value is a `str`, `float`, `bool` or a `list` of nodes (anything with a `text`). Node values are always texts;
`number()` also takes dates and times (ODK XForms, number()): days since 1970-01-01 on the terminal's own clock, so that
`today() - 30` and `. <= today()` mean what they say wherever the terminal stands.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from typing import Any

EPOCH = date(1970, 1, 1)
_EPOCH_TIME = datetime(1970, 1, 1)
NAN = math.nan
#: a number as XPath 1.0 reads it (no exponent, no "infinity"); a leading plus as in XML Schema
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,300}(?:\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d(?::?\d\d)?)?")


def text(value: Any) -> str:
    """The string() of a value."""
    if value.__class__ is str:
        return value
    if value.__class__ is list:
        return value[0].text if value else ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if math.isfinite(value):
        return number_text(value)
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def answer_text(value: Any) -> str:
    """The value as an answer or a part of a label: what is no number is nothing."""
    return number_text(value) if value.__class__ is float else text(value)


def number_text(value: float) -> str:
    """A number without exponent and trailing `.0`, to ten places; empty for what is none."""
    if math.isnan(value) or math.isinf(value):
        return ""
    if value == int(value):
        return str(int(value))
    return f"{value:.10f}".rstrip("0").rstrip(".")


def number(value: Any) -> float:
    """The number() of a value; NaN where there is none."""
    if value.__class__ is float:
        return value
    if value is True or value is False:
        return 1.0 if value else 0.0
    return text_number(text(value))


def text_number(said: str) -> float:
    """The number of a text, a date or a date with a time."""
    said = said.strip()
    if _NUMBER.fullmatch(said):
        return float(said)
    if len(said) >= 10 and said[4:5] == "-":
        return days(said)
    return NAN


def boolean(value: Any) -> bool:
    """The boolean() of a value."""
    if value.__class__ is float:
        return value != 0 and value == value
    return bool(value)


def nodes(value: Any) -> list[Any]:
    """The nodes of a value; none for what is no node-set."""
    return value if value.__class__ is list else []


def texts(values: tuple[Any, ...]) -> list[str]:
    """Every text of the arguments, a node-set being the texts of all its nodes."""
    found: list[str] = []
    for value in values:
        if value.__class__ is list:
            found += [node.text for node in value]
        else:
            found.append(text(value))
    return found


# dates


def days(said: str) -> float:
    """Days since 1970-01-01 00:00 here; NaN for what is no date. A time with an offset is taken to this clock."""
    if _DATE.fullmatch(said):
        try:
            return float((date.fromisoformat(said) - EPOCH).days)
        except ValueError:
            return NAN
    moment = date_time(said)
    return NAN if moment is None else (moment - _EPOCH_TIME).total_seconds() / 86400


def date_time(said: str) -> datetime | None:
    """The moment of an xsd:dateTime on this clock, without an offset; None for what is none."""
    found = _DATE_TIME.fullmatch(said.strip())
    if found is None:
        return None
    day, time, offset = found.groups()
    offset = "+00:00" if offset == "Z" else offset or ""
    if len(offset) == 3:
        offset += ":00"
    try:
        moment = datetime.fromisoformat(f"{day}T{time}{offset}")
        return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def moment(value: Any) -> datetime | None:
    """A date, a date with a time, or a number of days, as a moment on this clock; None for anything else."""
    amount = number(value)
    if math.isnan(amount) or math.isinf(amount):
        return None
    try:
        return _EPOCH_TIME + timedelta(days=amount)
    except OverflowError:
        return None


def iso_date(amount: float) -> str:
    """Days since 1970-01-01 as an ISO date; empty for what is no day of the calendar."""
    try:
        return (EPOCH + timedelta(days=math.floor(amount))).isoformat()
    except (ValueError, OverflowError):
        return ""


def iso_date_time(value: datetime) -> str:
    """An xsd:dateTime with milliseconds and this clock's offset."""
    return value.astimezone().isoformat(timespec="milliseconds")
