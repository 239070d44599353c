"""社会保障卡 and bank cards in a PC/SC reader, contact or contactless. Reads; never verifies a PIN, never writes."""

from drivers.smart_card.cards import BankCard, Card, SocialSecurityCard, UnknownCard
from drivers.smart_card.device import SmartCardReader
from drivers.smart_card.events import (
    CardFailed,
    CardInserted,
    CardRead,
    CardRemoved,
    SmartCardEvent,
    StatusChanged,
)

__all__ = [
    "BankCard",
    "Card",
    "CardFailed",
    "CardInserted",
    "CardRead",
    "CardRemoved",
    "SmartCardEvent",
    "SmartCardReader",
    "SocialSecurityCard",
    "StatusChanged",
    "UnknownCard",
]
