"""The status words of a SAM (SW1 SW2 SW3), each with its own error. SW3 decides; SW1 and SW2 tell the maker more."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

from drivers.errors import DriverError
from drivers.id_card.frames import Answer


class Sw(IntEnum):
    """SW3, the byte that says how it went."""

    OK = 0x90
    CARD_FOUND = 0x9F
    BAD_CHECKSUM = 0x10
    BAD_LENGTH = 0x11
    BAD_COMMAND = 0x21
    UNKNOWN = 0x24
    CARD_REJECTED_SAM = 0x31
    SAM_REJECTED_CARD = 0x32
    VERIFICATION = 0x33
    WRONG_KIND = 0x40
    READ_FAILED = 0x41
    RANDOM_FAILED = 0x47
    SELF_TEST_FAILED = 0x60
    NOT_AUTHORISED = 0x66
    NO_CARD = 0x80
    SELECT_FAILED = 0x81
    NO_SUCH_ITEM = 0x91


SUCCESS = (Sw.OK, Sw.CARD_FOUND)


class StatusWordError(DriverError):
    """The reader answered, and its status word is no success. `sw` are the three bytes.

    `reason` is what CardFailed says when a card fails so.
    """

    code = "unknown-status-word"
    reason: ClassVar[str] = "unreadable"

    def __init__(self, sw: bytes) -> None:
        self.sw = sw
        super().__init__(detail=self.sw_text)

    @property
    def sw_text(self) -> str:
        """As the tables write it: "00 00 41"."""
        return self.sw.hex(" ").upper()


class RequestDamaged(StatusWordError):
    """10: our checksum was wrong when it arrived; the line is bad."""

    code = "bad-checksum"
    reason = "bad-checksum"


class RequestLengthWrong(StatusWordError):
    """11: our length was wrong when it arrived; the line is bad."""

    code = "bad-length"


class CommandRefused(StatusWordError):
    """21: the reader does not know the command, or not now."""

    code = "bad-command"


class UnknownFailure(StatusWordError):
    """24: the reader cannot say what is wrong."""

    code = "unknown-failure"


class CardRejectedSam(StatusWordError):
    """31: the card does not trust the reader's SAM."""

    code = "card-rejected-sam"
    reason = "rejected"


class SamRejectedCard(StatusWordError):
    """32: the SAM does not trust the card."""

    code = "sam-rejected-card"
    reason = "rejected"


class VerificationFailed(StatusWordError):
    """33: what the card says does not verify."""

    code = "verification-failed"
    reason = "rejected"


class WrongKind(StatusWordError):
    """40: a card of another kind."""

    code = "wrong-kind"
    reason = "wrong-kind"


class ReadFailed(StatusWordError):
    """41: the card could not be read; most often it was lifted."""

    code = "read-failed"


class RandomFailed(StatusWordError):
    """47: the card gave no random number."""

    code = "random-failed"


class SelfTestFailed(StatusWordError):
    """60: the SAM failed its self test and takes no commands; a reset may help."""

    code = "self-test-failed"


class NotAuthorised(StatusWordError):
    """66: the SAM has no authorisation; only the maker can help."""

    code = "sam-not-authorised"


class NoCard(StatusWordError):
    """80: no card on the reader."""

    code = "no-card"


class SelectFailed(StatusWordError):
    """81: the card was found and cannot be selected."""

    code = "not-selected"


class NoSuchItem(StatusWordError):
    """91: the card has no such item."""

    code = "no-such-item"


ERRORS: dict[int, type[StatusWordError]] = {
    Sw.BAD_CHECKSUM: RequestDamaged,
    Sw.BAD_LENGTH: RequestLengthWrong,
    Sw.BAD_COMMAND: CommandRefused,
    Sw.UNKNOWN: UnknownFailure,
    Sw.CARD_REJECTED_SAM: CardRejectedSam,
    Sw.SAM_REJECTED_CARD: SamRejectedCard,
    Sw.VERIFICATION: VerificationFailed,
    Sw.WRONG_KIND: WrongKind,
    Sw.READ_FAILED: ReadFailed,
    Sw.RANDOM_FAILED: RandomFailed,
    Sw.SELF_TEST_FAILED: SelfTestFailed,
    Sw.NOT_AUTHORISED: NotAuthorised,
    Sw.NO_CARD: NoCard,
    Sw.SELECT_FAILED: SelectFailed,
    Sw.NO_SUCH_ITEM: NoSuchItem,
}


def check(answer: Answer) -> Answer:
    """The answer itself when it is a success. Raises the StatusWordError of its status word."""
    if answer.sw3 in SUCCESS:
        return answer
    raise ERRORS.get(answer.sw3, StatusWordError)(answer.sw)
