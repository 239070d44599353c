"""A resident ID card (居民身份证) as an identity: its number must check and its validity must hold today."""

from __future__ import annotations

from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from contract.codes import IdentityKind
from contract.identity import Person
from drivers.id_card.codec import IdCard

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
    if card.kind in ("resident", "J"):
        _check(card.number)
    return Person(
        name=card.name,
        number=card.number,
        kind=_KINDS[card.kind],
        sex=card.sex,
        birth=card.birth,
        address=card.current_address,
        nation=card.nation,
    )


def _check(number: str) -> None:
    """Raises CardProblem. Not `ric.validate`: that rejects divisions missing from its table."""
    try:
        ric.get_birth_date(number)
        good = len(number) == 18 and ric.calc_check_digit(number) == number[-1]
    except (ValidationError, ValueError):
        good = False
    if not good:
        raise CardProblem("bad-number")
