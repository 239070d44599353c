"""What a card says: the 256-byte text block, the newest address, and the answers that carry them. Pure.

UTF-16LE, padded with spaces. Layouts after the field's public tables, four kinds of card: a resident's, J (residents
of Hong Kong, Macao and Taiwan), I (permanent residence of 2017) and Y (of 2023).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from drivers.errors import BadAnswer, CardUnreadable
from drivers.id_card import number as numbers
from drivers.nations import NATIONS

TEXT_LENGTH = 256
# One appended address; the length is not verified against a reader, so others are taken as well.
ADDRESS_LENGTH = 70
# Spaces by the standard; some issuers pad with NUL or full-width spaces.
PADDING = " \u3000\0"
Kind = Literal["resident", "J", "I", "Y"]


@dataclass(frozen=True, repr=False)
class IdCard:
    """What a card says. Fields a kind of card does not carry are empty.

    - `valid_to` None means 长期.
    - `new_address` is the newest appended address: "" where the card has none, None where the reader could not say.
    - `photo` is WLT, 1024 bytes; `picture` is what a licensed decoder made of it, None without one.
    - `fingerprint` is passed on unread: 0, 512 or 1024 bytes, empty unless it was asked for.
    - resident: `nation`, `address`, `authority`. J: without nation, with `pass_number` and `issue_count`.
    - I and Y: `english_name` and `country` (ISO 3166 alpha-3), no nation, no address. I: `version` and `authority`, a
      code of four digits. Y: `issue_count` (换证次数), `association` (既往证号码关联项) and `old_number`, the
      15-character number before, from the rule in number.py; the card carries no authority.
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
    version: str = ""
    association: str = ""
    old_number: str = ""
    new_address: str | None = None
    fingerprint: bytes = b""
    picture: bytes | None = None

    @property
    def current_address(self) -> str:
        """Where the holder lives by the card: the newest appended address, else the printed one."""
        return self.new_address or self.address

    @property
    def number_checks(self) -> bool:
        """Whether the number's last character is the one its rule gives, and a Y number begins with 9."""
        if len(self.number) != (15 if self.kind == "I" else 18) or (self.kind == "Y" and self.number[0] != "9"):
            return False
        return numbers.number_checks(self.number)

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


def _i(text: _Text) -> IdCard:
    return IdCard(
        kind="I", name=text.text(158, 30), english_name=text.required(0, 120), sex=text.sex(120), nation="",
        birth=text.day(220), address="", number=text.required(122, 30), country=text.text(152, 6),
        authority=text.text(240, 8), valid_from=text.day(188), valid_to=text.last_day(204), version=text.text(236, 4),
    )  # fmt: skip


def _y(text: _Text) -> IdCard:
    # the English name is cut in two: characters 1-35 and 36-46, so a space may stand at the cut
    english = text.text(52, 70, strip=False) + text.text(220, 22, strip=False)
    number, country, association = text.required(122, 36), text.text(242, 6), text.text(250, 6)
    return IdCard(
        kind="Y", name=text.text(0, 30), english_name=english.strip(PADDING), sex=text.sex(30), nation="",
        birth=text.day(36), address="", number=number, country=country, authority="", valid_from=text.day(188),
        valid_to=text.last_day(204), issue_count=text.text(32, 4), association=association,
        old_number=numbers.old_number(country, number, association),
    )  # fmt: skip


def _resident(text: _Text, kind: Literal["resident", "J"]) -> IdCard:
    hong_kong = kind == "J"
    nation = "" if hong_kong else NATIONS.get(text.text(32, 4), "")
    return IdCard(
        kind=kind, name=text.required(0, 30), sex=text.sex(30), nation=nation,
        birth=text.day(36), address=text.text(52, 70), number=text.required(122, 36),
        authority=text.text(158, 30), valid_from=text.day(188), valid_to=text.last_day(204),
        pass_number=text.text(220, 18) if hong_kong else "",
        issue_count=text.text(238, 4) if hong_kong else "",
    )  # fmt: skip


def decode_card(block: bytes, photo: bytes = b"", fingerprint: bytes = b"") -> IdCard:
    """The 256-byte text block as a card. Raises CardUnreadable, whose message holds no text of the card."""
    text = _Text(block)
    match block[248:250].decode("utf-16-le", "replace"):
        case "I":
            card = _i(text)
        case "Y":
            card = _y(text)
        case "J":
            card = _resident(text, "J")
        case _:
            card = _resident(text, "resident")
    return replace(card, photo=photo, fingerprint=fingerprint)


def decode_base(data: bytes) -> IdCard:
    """The DATA of a read-base answer: textLen(2) photoLen(2) text photo. Raises BadAnswer or CardUnreadable."""
    text, photo = _parts(data, 2)
    return decode_card(text, photo)


def decode_base_fingerprint(data: bytes) -> IdCard:
    """The same with fpLen(2) behind the lengths and the fingerprint at the end. Raises BadAnswer or CardUnreadable."""
    text, photo, fingerprint = _parts(data, 3)
    return decode_card(text, photo, fingerprint)


def _parts(data: bytes, count: int) -> list[bytes]:
    """Cut the data by the lengths at its head. Raises BadAnswer."""
    lengths = [int.from_bytes(data[at : at + 2], "big") for at in range(0, 2 * count, 2)]
    if len(data) != 2 * count + sum(lengths) or lengths[0] != TEXT_LENGTH:
        raise BadAnswer("bad-length", f"{len(data)} bytes, said {lengths}")
    ends = [2 * count + sum(lengths[: number + 1]) for number in range(count)]
    return [data[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def decode_new_address(data: bytes) -> str:
    """The newest of the appended addresses, "" for blanks. Raises CardUnreadable.

    Each takes 70 bytes; where several stand one after the other the last that is not blank is the newest. The layout is
    not verified against a reader: other lengths, and a length of 2 bytes before the text, are taken as well.
    """
    if len(data) > 2 and int.from_bytes(data[:2], "big") == len(data) - 2:
        data = data[2:]
    newest = ""
    for start in range(0, len(data) & ~1, ADDRESS_LENGTH):
        record = data[start : start + ADDRESS_LENGTH]
        try:
            newest = record[: len(record) & ~1].decode("utf-16-le").strip(PADDING) or newest
        except UnicodeDecodeError:
            raise CardUnreadable(detail="bad text in the newest address") from None
    return newest
