"""A 社会保障卡 as an identity: its number is the holder's ID number, which must check."""

from __future__ import annotations

from datetime import date

from contract.identity import Person
from drivers.smart_card.cards import SocialSecurityCard
from kiosk.identity.card import CardProblem
from kiosk.identity.numbers import birth_of, is_id_number, sex_of


def person_from_social_security_card(card: SocialSecurityCard, today: date) -> Person:
    """The person the card states. Raises CardProblem: expired or bad-number."""
    if card.expires is not None and card.expires < today:
        raise CardProblem("expired")
    if not is_id_number(card.number):
        raise CardProblem("bad-number")
    return Person(
        name=card.name,
        number=card.number,
        sex=card.sex or sex_of(card.number),
        birth=card.birth or birth_of(card.number),
        nation=card.nation,
    )
