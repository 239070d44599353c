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

EPOCH = date(1970, 1, 1)
#: longest text a form's regular expression is tried on; longer answers do not match
REGEX_LIMIT = 1000


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
    try:
        return float(text(value).strip())
    except ValueError:
        return math.nan


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
    """Days since 1970-01-01 as an ISO date; empty for NaN."""
    return "" if math.isnan(value) else (EPOCH + timedelta(days=int(value))).isoformat()


def _if(_: Any, condition: Any, yes: Any, no: Any) -> Any:
    return yes if boolean(condition) else no


def _coalesce(_: Any, *values: Any) -> str:
    return next((text(value) for value in values if text(value)), "")


def _selected(_: Any, values: Any, value: Any) -> bool:
    return text(value).strip() in text(values).split()


def _selected_at(_: Any, values: Any, index: Any) -> str:
    chosen = text(values).split()
    place = int(number(index))
    return chosen[place] if 0 <= place < len(chosen) else ""


def _regex(_: Any, value: Any, pattern: Any) -> bool:
    subject = text(value)
    return len(subject) <= REGEX_LIMIT and re.fullmatch(text(pattern), subject) is not None


def _round(_: Any, value: Any, places: Any = 0.0) -> float:
    amount, digits = number(value), int(number(places))
    if math.isnan(amount):
        return amount
    scale = 10.0**digits
    # 5001 × 0.295 is 1475.29499… in binary; six more places decide as a person with a pencil would
    return math.floor(round(amount * scale, 6) + 0.5) / scale


def _format_date(_: Any, value: Any, pattern: Any) -> str:
    stamp = days(value)
    if math.isnan(stamp):
        return ""
    day = EPOCH + timedelta(days=int(stamp))
    return day.strftime(text(pattern).replace("%n", str(day.month)).replace("%e", str(day.day)))


def _int(_: Any, value: Any) -> float:
    amount = number(value)
    return amount if math.isnan(amount) else float(math.trunc(amount))


def _position_free(function: Callable[[float], float]) -> Callable[..., float]:
    return lambda _, value: function(number(value))


#: name in a form -> implementation; the first argument is lxml's evaluation context
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _coalesce,
    "selected": _selected,
    "selected-at": _selected_at,
    "count-selected": lambda _, values: float(len(text(values).split())),
    "regex": _regex,
    "round": _round,
    "int": _int,
    "pow": lambda _, base, power: number(base) ** number(power),
    "abs": _position_free(abs),
    "min": lambda _, *values: min((number(v) for v in values), default=math.nan),
    "max": lambda _, *values: max((number(v) for v in values), default=math.nan),
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
    "substr": lambda _, value, start, end=None: text(value)[
        int(number(start)) : None if end is None else int(number(end))
    ],
    "ends-with": lambda _, value, tail: text(value).endswith(text(tail)),
}
#: functions libxml2 has itself and which mean the same in ODK
NATIVE = frozenset(
    {
        *("concat", "contains", "starts-with", "substring", "substring-before", "substring-after"),
        *("normalize-space", "translate", "string", "number", "boolean", "not"),
        *("sum", "count", "floor", "ceiling", "position", "last"),
    }
)
#: functions whose result is a date, in days, when they stand outermost
DATE_RESULTS = frozenset({"today", "date"})
