"""Functions of dates and times, on the terminal's clock."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from typing import Any

from kiosk.forms.functions.registry import Compiler, Evaluate, function, special
from kiosk.forms.xpath.syntax import Call
from kiosk.forms.xpath.values import NAN, date_time, iso_date, iso_date_time, moment, number, text

_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(?:Z|[+-]\d\d(?::?\d\d)?)?")
_MARK = re.compile("%(.)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CHINESE_DAYS = "一二三四五六日"


@function("today", 0, constant=False)
def _today() -> str:
    return date.today().isoformat()


@function("now", 0, constant=False)
def _now() -> str:
    return iso_date_time(datetime.now())


@function("date", 1)
def _date(value: Any) -> str:
    amount = number(value)
    return "" if math.isnan(amount) else iso_date(amount)


@function("date-time", 1)
def _date_time(value: Any) -> str:
    when = moment(value)
    return iso_date_time(when) if when else ""


@function("decimal-date-time", 1)
def _decimal_date_time(value: Any) -> float:
    """Days since 1970-01-01 UTC."""
    said = text(value)
    when = date_time(said) or moment(value)
    return when.astimezone(UTC).timestamp() / 86400 if when else NAN


@function("decimal-time", 1)
def _decimal_time(value: Any) -> float:
    """The part of the day that is over at a time: noon is 0.5."""
    said = text(value).strip()
    when = date_time(said) or date_time(f"1970-01-02T{said}")
    if when is None or (not _TIME.fullmatch(said) and "T" not in said):
        return NAN
    return (when.hour * 3600 + when.minute * 60 + when.second + when.microsecond / 1e6) / 86400


def _formatted(when: datetime, pattern: str, chinese: bool, times: bool) -> str:
    marks = {
        "Y": f"{when.year:04}", "y": f"{when.year % 100:02}", "m": f"{when.month:02}", "n": str(when.month),
        "b": f"{when.month}月" if chinese else _MONTHS[when.month - 1], "d": f"{when.day:02}", "e": str(when.day),
        "a": f"周{_CHINESE_DAYS[when.weekday()]}" if chinese else _DAYS[when.weekday()], "%": "%",
    }  # fmt: skip
    if times:
        marks |= {
            "H": f"{when.hour:02}", "h": str(when.hour), "M": f"{when.minute:02}", "S": f"{when.second:02}",
            "3": f"{when.microsecond // 1000:03}",
        }  # fmt: skip
    return _MARK.sub(lambda found: marks.get(found.group(1), found.group()), pattern)


def _format(times: bool) -> Any:
    def compiles(compiler: Compiler, call: Call) -> Evaluate:
        value, pattern = (compiler.compile(argument) for argument in call.arguments)

        def evaluate(c: Any) -> str:
            when = moment(value(c))
            chinese = "zh" in c.world.language.lower() or "中文" in c.world.language
            return _formatted(when, text(pattern(c)), chinese, times) if when else ""

        return evaluate

    return compiles


special("format-date", 2)(_format(times=False))
special("format-date-time", 2)(_format(times=True))
