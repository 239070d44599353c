"""What a reader tells by itself. Nothing here shows a person in its repr."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.smart_card.cards import Card
from drivers.status import DeviceStatus


@dataclass(frozen=True)
class CardInserted:
    """A card came; it is being read, which takes a second with a slow chip.

    CardRead or CardFailed follows, or CardRemoved where the reader itself was lost.
    """


@dataclass(frozen=True)
class CardRead:
    """The card was read whole: SocialSecurityCard, BankCard (masked) or UnknownCard."""

    card: Card


@dataclass(frozen=True)
class CardFailed:
    """The card was not read. It must be taken out and put in again.

    reason: mute (no answer to reset: mostly put in the wrong way round) | lifted-early | needs-pin (the issuer locks
    the holder's data: this terminal never asks for a PIN) | blocked (the issuer locked the card) | bad-checksum |
    unreadable | no-answer
    """

    reason: str


@dataclass(frozen=True)
class CardRemoved:
    """The card that was read, or that failed, is gone, or the reader it was in."""


@dataclass(frozen=True)
class StatusChanged:
    """The reader itself changed. A card that comes or goes is no change of the reader."""

    status: DeviceStatus


SmartCardEvent = CardInserted | CardRead | CardFailed | CardRemoved | StatusChanged
