"""Who somebody is: a natural person, a company a person may act for, and a helper (帮办员) standing by."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

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


class CompanyRole(StrEnum):
    """As what a person acts for a company: its legal representative (法定代表人), or somebody it sends (经办人)."""

    LEGAL_REPRESENTATIVE = "legal_representative"
    HANDLER = "handler"


class Company(Message):
    """A legal entity (法人) by its 统一社会信用代码 (GB 32100), and as what the citizen may act for it."""

    name: str
    uscc: str = Field(min_length=18, max_length=18)
    role: CompanyRole
    legal_representative: str = ""

    def __repr__(self) -> str:
        return "Company(…)"

    __str__ = __repr__


class Helper(Message):
    """帮办员: one of the office's people who helps a citizen at the terminal."""

    id: str
    name: str
    organisation: str = ""
