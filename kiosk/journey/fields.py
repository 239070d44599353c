"""Questions of the form as fields of the screen: how each is asked, and its answer as a person reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.forms import Choice, Question
from kiosk.journey.views import ChoiceRow, Keyboard, Look
from kiosk.money import grouped, in_words

#: more choices than this are searched
FEW = 9
_KEYBOARDS: dict[str, Keyboard] = {
    **dict.fromkeys(("date", "time", "datetime"), "number"),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape"), "digits"),
    "integer": "integer",
    "decimal": "decimal",
    "barcode": "latin",
}
_APPEARANCES: dict[str, dict[str, Look]] = {
    "date": {"month-year": "months", "year": "years", "no-calendar": "wheel", "wheel": "wheel"},
    "text": {"address": "address", "name": "name"},
    "integer": {"money": "money"},
    "decimal": {"money": "money"},
}


def look_of(question: Question) -> Look:
    """How a question is asked, by its appearance (ODK's names and three of ours: address, name, money)."""
    words = question.appearance.split()
    if question.kind in ("select_one", "select_multiple"):
        searched = question.choice_count > FEW or {"autocomplete", "search"} & set(words)
        return "search" if searched else ""
    return next((look for word, look in _APPEARANCES.get(question.kind, {}).items() if word in words), "")


def keyboard_of(question: Question) -> Keyboard:
    """Which keyboard rises."""
    if look_of(question) == "money":
        return "number" if question.kind == "integer" else "amount"
    if question.kind in _KEYBOARDS:
        return _KEYBOARDS[question.kind]
    if question.source.endswith("/mobile"):
        return "number"
    # ODK's appearance for text that is digits
    if question.source.endswith("/number") or "numbers" in question.appearance.split():
        return "id" if question.takes_x else "digits"
    return "pinyin"


def row_of(choice: Choice, picture: Callable[[Mapping[str, str]], bytes]) -> ChoiceRow:
    """A choice as a row."""
    return ChoiceRow(choice.value, choice.label, picture=picture(choice.media))


def read_aloud(question: Question, say: Callable[..., str]) -> str:
    """The answer as a person reads it: a day in words, an amount with its unit."""
    value, kind, look = question.value, question.kind, look_of(question)
    if not value:
        return ""
    if kind in ("date", "datetime"):
        day, _, clock = value.partition("T")
        parts = day.split("-")
        if len(parts) != 3 or not all(part.isdecimal() for part in parts):
            return value
        shape = look if look in ("months", "years") else "date"
        text = say(f"check.{shape}", year=parts[0], month=int(parts[1]), day=int(parts[2]))
        return f"{text} {clock[:5]}" if clock else text
    if kind == "time":
        return value[:5]
    if look == "money":
        return say("check.money", amount=grouped(value)) if grouped(value) else value
    if kind in ("image", "file"):
        return say("check.photographed")
    if kind == "acknowledge":
        return say("check.acknowledged")
    return question.shown or value


def money_remark(text: str, say: Callable[..., str]) -> str:
    """What an amount is, under the field it is typed in; "" for what is no amount."""
    return say("question.money", amount=grouped(text), words=in_words(text)) if in_words(text) else ""
