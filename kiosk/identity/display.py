"""How a person is shown on a screen that others may see: greeted by surname, numbers masked."""

from __future__ import annotations

from contract.identity import Person
from kiosk.words import say

#: surnames of two characters still common enough to meet at a terminal
_COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 司徒 端木 南宫".split()  # noqa: SIM905
)


def greeting(person: Person, language: str) -> str:
    """王女士，您好: by surname and sex as the card states it; without a sex, by surname alone."""
    surname = person.name[:2] if person.name[:2] in _COMPOUND else person.name[:1]
    key = {"男": "home.greeting_man", "女": "home.greeting_woman"}.get(person.sex, "home.greeting")
    return say(key, language, surname=surname, name=person.name)


def masked_number(number: str) -> str:
    """An ID number with its middle hidden: 3702 **** **** **** 26 for 18 characters."""
    if len(number) != 18:
        return number[:2] + "*" * max(len(number) - 4, 0) + number[-2:]
    return f"{number[:4]} **** **** **** {number[-2:]}"


def masked_text(value: str, source: str) -> str:
    """What "check your answers" shows of an answer: ID and mobile numbers masked, the rest whole."""
    if source.endswith("/number"):
        return masked_number(value)
    if len(value) == 11 and value.isdigit() and value.startswith("1"):
        return f"{value[:3]} **** {value[-4:]}"
    return value


def covered(value: str, source: str) -> str:
    """What a helper (帮办员) who stands by may see of an answer that came from the citizen's papers: the name alone."""
    if not source.startswith(("identity/", "agent/")) or source.endswith(("/name", "/sex")):
        return value
    return masked_text(value, source) if source.endswith(("/number", "/mobile")) else "＊" * min(len(value), 8)
