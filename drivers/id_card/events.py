"""What a reader tells by itself. Nothing here shows a person in its repr."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.id_card.codec import IdCard
from drivers.status import DeviceStatus


@dataclass(frozen=True)
class CardRead:
    """A card was read whole."""

    card: IdCard


@dataclass(frozen=True)
class CardFailed:
    """A card lay on the reader and was not read. It must be lifted and placed again.

    reason: lifted-early | unreadable | wrong-kind | rejected | bad-checksum | no-answer
    `code` is the error behind it ("card-rejected-sam", see status_words.py) and `sw` its status word ("00 00 31"),
    "" where the reader gave none.
    """

    reason: str
    code: str = ""
    sw: str = ""


@dataclass(frozen=True)
class CardRemoved:
    """The card that was read, or that failed, has left the reader."""


@dataclass(frozen=True)
class StatusChanged:
    """The reader itself changed. A card that comes or goes is no change of the reader."""

    status: DeviceStatus


CardEvent = CardRead | CardFailed | CardRemoved | StatusChanged
