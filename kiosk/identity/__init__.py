"""Who is standing there: from a card or the platform's answer to a Person, and how that person is addressed."""

from kiosk.identity.card import CardProblem, person_from_card
from kiosk.identity.display import greeting, masked_number, masked_text

__all__ = ["CardProblem", "greeting", "masked_number", "masked_text", "person_from_card"]
