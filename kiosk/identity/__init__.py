"""Who is standing there: from a card, a code or a number to a Person, how sure that is, and how they are addressed."""

from kiosk.identity.card import CardProblem, person_from_card
from kiosk.identity.display import covered, greeting, masked_number, masked_text
from kiosk.identity.proof import Proof

__all__ = ["CardProblem", "Proof", "covered", "greeting", "masked_number", "masked_text", "person_from_card"]
