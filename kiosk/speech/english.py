"""Figures in an English text, as they are said: numbers of something digit by digit, days with their month's name."""

from __future__ import annotations

import re

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def figures(text: str) -> str:
    """`text` as espeak-ng's English voice says it right; that voice reads amounts and plain numbers by itself."""
    text = re.sub(
        r"(\d[\dXx]*)\s*\*[*\s]*([\dXx]+)", lambda found: f"{_apart(found[1])}, ending in {_apart(found[2])}", text
    )
    text = re.sub(r"\b(\d{4})[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12]\d|3[01])\b", _date, text)
    text = re.sub(r"[¥￥]\s*([\d,]*\d(?:\.\d+)?)", r"\1 yuan", text)
    return re.sub(r"\b(?=\w*\d)(?:[A-Z\d]*[A-Z][A-Z\d]*|0\d+|\d{7,})\b", lambda found: _apart(found[0]), text)


def _date(found: re.Match[str]) -> str:
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}"


def _apart(code: str) -> str:
    return " ".join(code)
