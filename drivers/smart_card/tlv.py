"""BER-TLV as EMV and ISO 7816-4 use it, data object lists and file locators. Pure, with strict limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drivers.errors import BadAnswer

# Two bytes are the most that EMV uses; 3 leaves room for an issuer's own.
MAX_TAG = 3
# What a card can answer at once is 256 bytes, fetched in parts; nothing read here is longer.
MAX_LENGTH = 4096
MAX_DEPTH = 6
MAX_OBJECTS = 256


@dataclass(frozen=True)
class Tlv:
    """One data object. The value may hold a card number and is not shown."""

    tag: int
    value: bytes

    def __repr__(self) -> str:
        return f"Tlv({self.tag:X}, {len(self.value)} bytes)"

    @property
    def constructed(self) -> bool:
        """Whether the value is made of data objects."""
        first = self.tag
        while first > 0xFF:
            first >>= 8
        return bool(first & 0x20)


def _tag(data: bytes, at: int) -> tuple[int, int]:
    """The tag that begins here, and where it ends."""
    first = at
    more = data[at] & 0x1F == 0x1F
    at += 1
    while more:
        if at >= len(data):
            raise BadAnswer("bad-tlv", "tag cut off")
        if at - first >= MAX_TAG:
            raise BadAnswer("bad-tlv", "tag too long")
        more = bool(data[at] & 0x80)
        at += 1
    return int.from_bytes(data[first:at], "big"), at


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise BadAnswer("bad-tlv", "length missing")
    first = data[at]
    at += 1
    if first < 0x80:
        return first, at
    count = first & 0x7F
    if not 1 <= count <= 2 or at + count > len(data):
        raise BadAnswer("bad-tlv", "length form")
    return int.from_bytes(data[at : at + count], "big"), at + count


def parse(data: bytes) -> list[Tlv]:
    """The data objects side by side; 00 and FF between them are padding. Raises BadAnswer."""
    if len(data) > MAX_LENGTH:
        raise BadAnswer("bad-tlv", f"{len(data)} bytes")
    found: list[Tlv] = []
    at = 0
    while at < len(data):
        if data[at] in (0x00, 0xFF):
            at += 1
            continue
        tag, at = _tag(data, at)
        length, at = _length(data, at)
        if at + length > len(data):
            raise BadAnswer("bad-tlv", "value cut off")
        found.append(Tlv(tag, data[at : at + length]))
        at += length
        if len(found) > MAX_OBJECTS:
            raise BadAnswer("bad-tlv", "too many")
    return found


def walk(data: bytes) -> list[Tlv]:
    """Every data object, each before what it is made of. Raises BadAnswer."""
    found: list[Tlv] = []

    def into(part: bytes, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise BadAnswer("bad-tlv", "too deep")
        for one in parse(part):
            found.append(one)
            if len(found) > MAX_OBJECTS:
                raise BadAnswer("bad-tlv", "too many")
            if one.constructed:
                into(one.value, depth + 1)

    into(data, 1)
    return found


def find(data: bytes, tag: int) -> bytes | None:
    """The value of the first object with this tag, at any depth. Raises BadAnswer."""
    return next((one.value for one in walk(data) if one.tag == tag), None)


def encode(tag: int, value: bytes) -> bytes:
    """One data object as bytes."""
    head = tag.to_bytes((tag.bit_length() + 7) // 8, "big")
    if len(value) < 0x80:
        return head + bytes((len(value),)) + value
    if len(value) < 0x100:
        return head + bytes((0x81, len(value))) + value
    return head + b"\x82" + len(value).to_bytes(2, "big") + value


# A command carries 255 bytes, three of them are the head of the list's own object.
MAX_LIST = 252


def data_object_list(data: bytes) -> list[tuple[int, int]]:
    """A DOL: tags and how many bytes the card wants of each. Raises BadAnswer, also where it is too much."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(data):
        tag, at = _tag(data, at)
        if at >= len(data):
            raise BadAnswer("bad-dol", "length missing")
        found.append((tag, data[at]))
        at += 1
    if sum(length for _, length in found) > MAX_LIST:
        raise BadAnswer("bad-dol", "too long")
    return found


# Files 1-30, records 1-254 (ISO 7816-4); a card with more than 64 records is none that EMV allows in practice.
MAX_RECORDS = 64


def file_locator(data: bytes) -> Iterator[tuple[int, int]]:
    """An AFL: the (file, record) pairs to read, in order. Raises BadAnswer."""
    if not data or len(data) % 4:
        raise BadAnswer("bad-afl", f"{len(data)} bytes")
    pairs: list[tuple[int, int]] = []
    for at in range(0, len(data), 4):
        sfi, first, last = data[at] >> 3, data[at + 1], data[at + 2]
        if data[at] & 7 or not 1 <= sfi <= 30 or not 1 <= first <= last <= 254:
            raise BadAnswer("bad-afl", "entry")
        pairs += [(sfi, record) for record in range(first, last + 1)]
        if len(pairs) > MAX_RECORDS:
            raise BadAnswer("bad-afl", "too many records")
    return iter(pairs)
