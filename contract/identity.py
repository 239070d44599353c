"""Who the citizen is, and the platform's check of a citizen's code (居民码)."""

from __future__ import annotations

from datetime import date, datetime

from contract.codes import IdentityKind
from contract.model import Message


class Person(Message):
    """A natural person as an ID card or the platform states them. Never logged: repr shows nothing."""

    name: str
    number: str
    kind: IdentityKind = IdentityKind.RESIDENT_CARD
    sex: str = ""
    birth: date | None = None
    address: str = ""
    nation: str = ""
    mobile: str = ""

    def __repr__(self) -> str:
        return "Person(…)"

    __str__ = __repr__


class CodeCheck(Message):
    """What the terminal asks: the code's raw text, where it was shown and what for. It decodes nothing itself."""

    raw: str
    place: str
    purpose: str

    def __repr__(self) -> str:
        return "CodeCheck(…)"

    __str__ = __repr__


class CodeAnswer(Message):
    """The platform's answer: a person, or the reason there is none (expired, used, unknown)."""

    person: Person | None = None
    refused: str = ""
    checked_at: datetime
