"""Days and times of day as digits that are typed, parts that are turned, and the text that is stored (ISO 8601)."""

from __future__ import annotations

from datetime import datetime

_YEAR, _MONTH, _DAY, _HOUR, _MINUTE = ("year", 4), ("month", 2), ("day", 2), ("hour", 2), ("minute", 2)
#: what is asked -> its parts, each with its number of digits
PARTS: dict[str, tuple[tuple[str, int], ...]] = {
    "date": (_YEAR, _MONTH, _DAY),
    "months": (_YEAR, _MONTH),
    "years": (_YEAR,),
    "time": (_HOUR, _MINUTE),
    "datetime": (_YEAR, _MONTH, _DAY, _HOUR, _MINUTE),
}


def length(shape: str) -> int:
    """How many digits it has."""
    return sum(count for _, count in PARTS[shape])


def split(shape: str, digits: str) -> dict[str, str]:
    """The digits of each part, as far as they are there."""
    parts, at = {}, 0
    for name, count in PARTS[shape]:
        parts[name] = digits[at : at + count]
        at += count
    return parts


def digits(shape: str, stored: str) -> str:
    """What would have been typed for a stored text: a month stored as its first day gives six digits."""
    day, _, clock = (
        stored.partition("T") if "T" in stored else (("", "", stored) if ":" in stored else (stored, "", ""))
    )
    typed = day.replace("-", "") + clock[:5].replace(":", "")
    return typed[: length(shape)] if typed.isdecimal() else ""


def stored(shape: str, digits: str) -> str:
    """What is stored for whole digits; "" where they are not whole, or no day or time there is."""
    if len(digits) != length(shape):
        return ""
    parts = {name: int(text) for name, text in split(shape, digits).items()}
    try:
        when = datetime(
            parts.get("year", 2000),
            parts.get("month", 1),
            parts.get("day", 1),
            parts.get("hour", 0),
            parts.get("minute", 0),
        ).astimezone()
    except (ValueError, OverflowError):
        return ""
    if shape == "time":
        # a time of day has no day: the offset is that of now
        return when.strftime("%H:%M:00.000") + _offset(datetime.now().astimezone())
    if shape == "datetime":
        return when.strftime("%Y-%m-%dT%H:%M:00.000") + _offset(when)
    return when.date().isoformat()


def _offset(when: datetime) -> str:
    text = when.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"
