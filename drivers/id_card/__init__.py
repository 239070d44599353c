"""Readers of 居民身份证, 港澳台居民居住证 and 外国人永久居留身份证 with a SAM, on a serial line, USB or HID."""

from drivers.id_card.codec import IdCard
from drivers.id_card.device import IdCardReader
from drivers.id_card.events import CardEvent, CardFailed, CardRead, CardRemoved, StatusChanged
from drivers.id_card.photo import PhotoDecoder
from drivers.id_card.status_words import StatusWordError

__all__ = [
    "CardEvent",
    "CardFailed",
    "CardRead",
    "CardRemoved",
    "IdCard",
    "IdCardReader",
    "PhotoDecoder",
    "StatusChanged",
    "StatusWordError",
]
