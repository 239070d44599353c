"""The bytes of a SAM reader: frames, and the 256-byte text block of a card. Pure: no port, no time.

Request  AA AA AA 96 69 | LEN(2, big-endian) | CMD PARA DATA | CHK
Answer   AA AA AA 96 69 | LEN(2, big-endian) | SW1 SW2 SW3 DATA | CHK
LEN counts what follows it, CHK is the XOR of everything after the preamble but itself.
Layouts after GA 467 readers and the field's public tables (four kinds of card).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import reduce
from operator import xor
from typing import Literal

from drivers.errors import BadAnswer, CardUnreadable
from drivers.id_card.nations import NATIONS

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
# The longest answer known is text + photo + 1024 bytes of fingerprint: LEN 0x090A. More is noise.
MAX_LENGTH = 0x1000
# SW1 SW2 SW3 and CHK.
MIN_LENGTH = 4

TEXT_LENGTH = 256
# Spaces by the standard; some issuers pad with NUL or full-width spaces.
PADDING = " \u3000\0"
Kind = Literal["resident", "J", "I", "Y"]


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


def encode_request(command: int, parameter: int, data: bytes = b"") -> bytes:
    """One request, ready for the line."""
    body = bytes((command, parameter)) + data
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes((reduce(xor, counted),))


SAM_STATUS = encode_request(0x11, 0xFF)
SAM_ID = encode_request(0x12, 0xFF)
FIND_CARD = encode_request(0x20, 0x01)
SELECT_CARD = encode_request(0x20, 0x02)
READ_BASE = encode_request(0x30, 0x01)
READ_NEW_ADDRESS = encode_request(0x30, 0x03)


@dataclass(frozen=True)
class Answer:
    """One whole answer. `data` may hold a person and is not shown."""

    sw: bytes
    data: bytes

    @property
    def sw3(self) -> int:
        """The byte that says how it went; see Sw."""
        return self.sw[2]

    def __repr__(self) -> str:
        return f"Answer(sw={self.sw.hex()}, {len(self.data)} bytes)"


@dataclass(frozen=True)
class Damaged:
    """Bytes that began like an answer and were none: bad-checksum or bad-length."""

    reason: str


class FrameDecoder:
    """Cuts a stream of bytes into answers. Skips noise, and never needs more than one frame of memory."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Answer | Damaged]:
        """Take bytes as they come; yield what is complete."""
        self._buffer += data
        while True:
            start = self._buffer.find(PREAMBLE)
            if start < 0:
                # keep what may be the beginning of a preamble
                del self._buffer[: max(0, len(self._buffer) - len(PREAMBLE) + 1)]
                return
            del self._buffer[:start]
            if len(self._buffer) < len(PREAMBLE) + 2:
                return
            length = int.from_bytes(self._buffer[5:7], "big")
            if not MIN_LENGTH <= length <= MAX_LENGTH:
                del self._buffer[: len(PREAMBLE)]
                yield Damaged("bad-length")
                continue
            if len(self._buffer) < 7 + length:
                return
            counted = bytes(self._buffer[5 : 7 + length])
            if reduce(xor, counted):
                # a good frame may begin inside a damaged one: go on behind this preamble only
                del self._buffer[: len(PREAMBLE)]
                yield Damaged("bad-checksum")
                continue
            del self._buffer[: 7 + length]
            yield Answer(counted[2:5], counted[5:-1])

    def clear(self) -> None:
        """Forget a half frame."""
        self._buffer.clear()


@dataclass(frozen=True, repr=False)
class IdCard:
    """What a card says. `valid_to` None means 长期. `photo` is WLT, 1024 bytes, for a licensed decoder.

    Fields a kind of card does not carry are empty: `english_name` and `country` (ISO alpha-3) belong to I
    and Y, `pass_number` and `issue_count` to J; I and Y have no nation and no address.
    """

    kind: Kind
    name: str
    sex: Literal["男", "女"]
    nation: str
    birth: date
    address: str
    number: str
    authority: str
    valid_from: date
    valid_to: date | None
    photo: bytes = b""
    english_name: str = ""
    country: str = ""
    pass_number: str = ""
    issue_count: str = ""

    def __repr__(self) -> str:
        return f"IdCard(kind={self.kind!r}, …)"


class _Text:
    """The text block, read by offset and length as the tables give them."""

    def __init__(self, block: bytes) -> None:
        if len(block) != TEXT_LENGTH:
            raise CardUnreadable(detail=f"text block of {len(block)} bytes")
        self._block = block

    def text(self, offset: int, length: int, strip: bool = True) -> str:
        try:
            text = self._block[offset : offset + length].decode("utf-16-le")
        except UnicodeDecodeError:
            raise CardUnreadable(detail=f"bad text at {offset}") from None
        return text.strip(PADDING) if strip else text

    def day(self, offset: int) -> date:
        digits = self.text(offset, 16)
        if len(digits) == 8 and digits.isascii() and digits.isdecimal():
            try:
                return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
            except ValueError:
                pass
        raise CardUnreadable(detail=f"bad date at {offset}")

    def last_day(self, offset: int) -> date | None:
        return None if self.text(offset, 16) == "长期" else self.day(offset)

    def sex(self, offset: int) -> Literal["男", "女"]:
        return "男" if self.text(offset, 2) == "1" else "女"

    def required(self, offset: int, length: int) -> str:
        value = self.text(offset, length)
        if not value:
            raise CardUnreadable(detail=f"nothing at {offset}")
        return value


def _i(text: _Text, photo: bytes) -> IdCard:
    return IdCard(
        kind="I", name=text.text(158, 30), english_name=text.required(0, 120), sex=text.sex(120), nation="",
        birth=text.day(220), address="", number=text.required(122, 30), country=text.text(152, 6),
        authority=text.text(240, 8), valid_from=text.day(188), valid_to=text.last_day(204), photo=photo,
    )  # fmt: skip


def _y(text: _Text, photo: bytes) -> IdCard:
    # the English name is cut in two: characters 1-35 and 36-46, so a space may stand at the cut
    english = text.text(52, 70, strip=False) + text.text(220, 22, strip=False)
    return IdCard(
        kind="Y", name=text.text(0, 30), english_name=english.strip(PADDING),
        sex=text.sex(30), nation="", birth=text.day(36), address="", number=text.required(122, 36),
        country=text.text(242, 6), authority=text.text(158, 30), valid_from=text.day(188),
        valid_to=text.last_day(204), photo=photo, issue_count=text.text(32, 4),
    )  # fmt: skip


def _resident(text: _Text, photo: bytes, kind: Literal["resident", "J"]) -> IdCard:
    hong_kong = kind == "J"
    nation = "" if hong_kong else NATIONS.get(text.text(32, 4), "")
    return IdCard(
        kind=kind, name=text.required(0, 30), sex=text.sex(30), nation=nation,
        birth=text.day(36), address=text.text(52, 70), number=text.required(122, 36),
        authority=text.text(158, 30), valid_from=text.day(188), valid_to=text.last_day(204), photo=photo,
        pass_number=text.text(220, 18) if hong_kong else "",
        issue_count=text.text(238, 4) if hong_kong else "",
    )  # fmt: skip


def decode_card(block: bytes, photo: bytes = b"") -> IdCard:
    """The 256-byte text block as a card. Raises CardUnreadable, whose message holds no text of the card."""
    text = _Text(block)
    kind = block[248:250].decode("utf-16-le", "replace")
    if kind == "I":
        return _i(text, photo)
    if kind == "Y":
        return _y(text, photo)
    return _resident(text, photo, "J" if kind == "J" else "resident")


def decode_base(data: bytes) -> IdCard:
    """The DATA of a read-base answer: textLen(2) photoLen(2) text photo. Raises BadAnswer or
    CardUnreadable."""
    if len(data) < 4:
        raise BadAnswer("bad-length", f"{len(data)} bytes")
    text_length, photo_length = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    if text_length != TEXT_LENGTH or len(data) != 4 + text_length + photo_length:
        raise BadAnswer("bad-length", f"{len(data)} bytes, text {text_length}, photo {photo_length}")
    return decode_card(data[4 : 4 + TEXT_LENGTH], data[4 + TEXT_LENGTH :])
