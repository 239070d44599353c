"""A resident ID card (居民身份证) as an identity: its number must check and its validity must hold today."""

from __future__ import annotations

from datetime import date

from contract.codes import IdentityKind
from contract.identity import Person
from drivers.id_card.codec import IdCard
from kiosk.identity.numbers import is_id_number

_KINDS = {
    "resident": IdentityKind.RESIDENT_CARD,
    "J": IdentityKind.HONG_KONG_MACAO_TAIWAN,
    "I": IdentityKind.PERMANENT_RESIDENCE,
    "Y": IdentityKind.PERMANENT_RESIDENCE,
}


class CardProblem(Exception):
    """The card was read but does not identify: `reason` is expired, not-yet-valid or bad-number."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def person_from_card(card: IdCard, today: date) -> Person:
    """The person the card states. Raises CardProblem.

    The number's check digit and birth date are those of GB 11643; the division is not compared with a current
    table, because withdrawn codes stay on cards. The address is the newest one that was added to the card.
    """
    if card.valid_to is not None and card.valid_to < today:
        raise CardProblem("expired")
    if card.valid_from is not None and card.valid_from > today:
        raise CardProblem("not-yet-valid")
    if card.kind in ("resident", "J") and not is_id_number(card.number):
        raise CardProblem("bad-number")
    return Person(
        name=card.name,
        number=card.number,
        kind=_KINDS[card.kind],
        sex=card.sex,
        birth=card.birth,
        address=card.current_address,
        nation=card.nation,
    )
