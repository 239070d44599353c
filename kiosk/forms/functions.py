"""The XPath functions ODK adds to XPath 1.0, registered with lxml (ODK XForms specification, "XPath functions").

Dates inside expressions are numbers: days since 1970-01-01, as the specification compares them.
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from kiosk.forms import patterns

EPOCH = date(1970, 1, 1)
#: longest text a form's regular expression is tried on; longer answers do not match
REGEX_LIMIT = 1000
#: a number as XPath 1.0 reads it: no exponent, no "infinity"
_NUMBER = re.compile(r"-?(?:[0-9]{1,300}(?:\.[0-9]*)?|\.[0-9]+)")


def text(value: Any) -> str:
    """The XPath string-value of an argument as lxml hands it over."""
    if isinstance(value, list):
        return text(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if hasattr(value, "itertext"):
        return "".join(value.itertext())
    return str(value)


def number_text(value: float) -> str:
    """A number as XPath writes it: no exponent, no trailing `.0`, NaN as the empty answer."""
    if math.isnan(value) or math.isinf(value):
        return ""
    if value == int(value):
        return str(int(value))
    return f"{value:.10f}".rstrip("0")


def number(value: Any) -> float:
    """The XPath number of an argument; NaN where there is none."""
    if isinstance(value, bool | int | float):
        return float(value)
    said = text(value).strip()
    return float(said) if _NUMBER.fullmatch(said) else math.nan


def boolean(value: Any) -> bool:
    """The XPath boolean of an argument."""
    if isinstance(value, list):
        return bool(value)
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def days(value: Any) -> float:
    """An ISO date (or a number of days already) as days since 1970-01-01; NaN for anything else."""
    if isinstance(value, float):
        return value
    try:
        return float((date.fromisoformat(text(value).strip()[:10]) - EPOCH).days)
    except ValueError:
        return number(value)


def iso_date(value: float) -> str:
    """Days since 1970-01-01 as an ISO date; empty for what is no day of the calendar."""
    day = _calendar(value)
    return day.isoformat() if day else ""


def _calendar(value: float) -> date | None:
    try:
        return EPOCH + timedelta(days=math.floor(value))
    except (ValueError, OverflowError):
        return None


def _index(value: Any) -> int | None:
    """A whole number to count with; None for what is none."""
    amount = number(value)
    return int(amount) if math.isfinite(amount) else None


def _if(_: Any, condition: Any, yes: Any, no: Any) -> Any:
    return yes if boolean(condition) else no


def _coalesce(_: Any, *values: Any) -> str:
    return next((text(value) for value in values if text(value)), "")


def _selected(_: Any, values: Any, value: Any) -> bool:
    return text(value).strip() in text(values).split()


def _selected_at(_: Any, values: Any, index: Any) -> str:
    chosen = text(values).split()
    place = _index(index)
    return chosen[place] if place is not None and 0 <= place < len(chosen) else ""


def _substr(_: Any, value: Any, start: Any, end: Any = "") -> str:
    first, last = _index(start), _index(end)
    return "" if first is None else text(value)[first:last]


def _regex(_: Any, value: Any, pattern: Any) -> bool:
    subject = text(value)
    return len(subject) <= REGEX_LIMIT and patterns.matches(text(pattern), subject)


def _round(_: Any, value: Any, places: Any = 0.0) -> float:
    amount, digits = number(value), _index(places)
    if not math.isfinite(amount) or digits is None or abs(digits) > 15:
        return math.nan
    scale = 10.0**digits
    # 5001 × 0.295 is 1475.29499… in binary; six more places decide as a person with a pencil would
    return math.floor(round(amount * scale, 6) + 0.5) / scale


def _format_date(_: Any, value: Any, pattern: Any) -> str:
    day = _calendar(days(value))
    if day is None:
        return ""
    return day.strftime(text(pattern).replace("%n", str(day.month)).replace("%e", str(day.day)))


def _int(_: Any, value: Any) -> float:
    amount = number(value)
    return float(math.trunc(amount)) if math.isfinite(amount) else amount


def _pow(_: Any, base: Any, power: Any) -> float:
    try:
        return math.pow(number(base), number(power))
    except (ValueError, OverflowError):
        return math.nan


def _extreme(choose: Callable[..., float]) -> Callable[..., float]:
    """`min` or `max` that is no number as soon as one argument is none, in whatever order they stand."""

    def function(_: Any, *values: Any) -> float:
        amounts = [number(value) for value in values]
        return math.nan if not amounts or any(map(math.isnan, amounts)) else choose(amounts)

    return function


def _once(context: Any, value: Any) -> str:
    """The answer the question has already; `value` where it has none."""
    return text(context.context_node) or text(value)


def _position_free(function: Callable[[float], float]) -> Callable[..., float]:
    return lambda _, value: function(number(value))


#: name in a form -> implementation; the first argument is lxml's evaluation context
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "selected": _selected,
    "selected-at": _selected_at,
    "count-selected": lambda _, values: float(len(text(values).split())),
    "regex": _regex,
    "round": _round,
    "int": _int,
    "pow": _pow,
    "abs": _position_free(abs),
    "min": _extreme(min),
    "max": _extreme(max),
    "today": lambda _: float((date.today() - EPOCH).days),
    "now": lambda _: (datetime.now() - datetime(1970, 1, 1)).total_seconds() / 86400,
    "date": lambda _, value: days(value),
    "decimal-date-time": lambda _, value: days(value),
    "days": lambda _, value: days(value),
    "format-date": _format_date,
    "uuid": lambda _: str(uuid.uuid4()),
    "true": lambda _: True,
    "false": lambda _: False,
    "string-length": lambda _, value: float(len(text(value))),
    "substr": _substr,
    "ends-with": lambda _, value, tail: text(value).endswith(text(tail)),
}
#: functions libxml2 has itself and which mean the same in ODK
NATIVE = frozenset(
    {
        *("concat", "contains", "starts-with", "substring", "substring-before", "substring-after"),
        *("normalize-space", "translate", "string", "number", "boolean", "not"),
        *("sum", "count", "floor", "ceiling"),
    }
)
#: functions whose result is a date, in days, when they stand outermost
DATE_RESULTS = frozenset({"today", "date"})
