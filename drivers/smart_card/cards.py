"""What was read from a card. Nothing here shows a person in its repr."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal

Sex = Literal["男", "女", ""]
_DATES = ("birth", "issued", "expires")


@dataclass(frozen=True, repr=False)
class SocialSecurityCard:
    """EF05 and EF06 of a 社会保障卡. `number` and `name` are always there; another field that the card does not
    carry, or fills with padding, is "" or None.

    `card_id` 卡的识别码 (hexadecimal), `region` its first six digits (统筹区, 发卡地区), `category` 卡的类别,
    `version` 规范版本 ("3.00"), `institution` 初始化机构编号 (hexadecimal), `birthplace` a division (GB/T 2260).
    """

    number: str
    name: str
    sex: Sex = ""
    nation: str = ""
    birth: date | None = None
    birthplace: str = ""
    card_number: str = ""
    card_id: str = ""
    region: str = ""
    category: str = ""
    version: str = ""
    institution: str = ""
    issued: date | None = None
    expires: date | None = None

    kind = "social-security"

    def __repr__(self) -> str:
        return "SocialSecurityCard(…)"


@dataclass(frozen=True, repr=False)
class BankCard:
    """A bank card. `number` is masked, the whole number is kept nowhere: "**** **** **** 1234".

    `scheme` is who issued the application: unionpay, visa, mastercard, jcb, amex, discover, or "".
    """

    number: str
    scheme: str = ""

    kind = "bank"

    def __repr__(self) -> str:
        return f"BankCard(scheme={self.scheme!r}, …)"


@dataclass(frozen=True)
class UnknownCard:
    """A card that answers and is neither."""

    kind = "unknown"


Card = SocialSecurityCard | BankCard | UnknownCard
_KINDS: dict[str, type[Card]] = {card.kind: card for card in (SocialSecurityCard, BankCard, UnknownCard)}


def to_values(card: Card) -> dict[str, str | None]:
    """The card as JSON holds it: dates as YYYY-MM-DD, null where there is none."""
    values = asdict(card)
    for name in _DATES:
        if name in values:
            values[name] = values[name].isoformat() if values[name] else None
    return {"kind": card.kind, **values}


def from_values(values: Mapping[str, Any]) -> Card:
    """The inverse of to_values. Raises KeyError, TypeError or ValueError where it is none."""
    kind = _KINDS[values["kind"]]
    known = {field.name for field in fields(kind)}
    given = {name: value for name, value in values.items() if name in known}
    for name in _DATES:
        if given.get(name):
            given[name] = date.fromisoformat(given[name])
    return kind(**given)
