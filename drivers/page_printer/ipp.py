"""IPP messages as bytes (RFC 8010): what is asked of a printer, and what it answers. Pure: no time, no network.

A codec of our own because pycups gives neither octet strings (printer-supply, printer-input-tray) nor collections
(media-col), and creates jobs under /printers/NAME only, which no printer has.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from drivers.errors import BadAnswer

# int, bool, str, bytes (octetString, dateTime), (low, high), (x, y, unit), dict (collection) or None (no value).
Value = Any
# How deep a collection may lie in a collection; the standards go to 3.
DEEPEST = 8


class Operation(IntEnum):
    """operation-id (RFC 8011 5.4.15)."""

    PRINT_JOB = 0x02
    CREATE_JOB = 0x05
    SEND_DOCUMENT = 0x06
    CANCEL_JOB = 0x08
    GET_JOB_ATTRIBUTES = 0x09
    GET_PRINTER_ATTRIBUTES = 0x0B


class Tag(IntEnum):
    """Delimiters and the syntaxes of values (RFC 8010 3.5)."""

    OPERATION_GROUP = 0x01
    JOB_GROUP = 0x02
    END = 0x03
    PRINTER_GROUP = 0x04
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    COLLECTION = 0x34
    TEXT_LANGUAGE = 0x35
    NAME_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


@dataclass(frozen=True)
class Attribute:
    """One attribute to be sent. `values` are of the syntax `tag`; of a collection, each is a list of attributes."""

    tag: Tag
    name: str
    values: tuple[Any, ...]


def attribute(tag: Tag, name: str, *values: Any) -> Attribute:
    """An attribute, written shortly."""
    return Attribute(tag, name, values)


@dataclass(frozen=True)
class Answer:
    """A printer's answer. `groups` are (delimiter tag, attributes), in the order they came."""

    status: int
    groups: tuple[tuple[int, Mapping[str, list[Value]]], ...]

    @property
    def succeeded(self) -> bool:
        """successful-ok, with or without attributes that were ignored (RFC 8011 appendix B)."""
        return self.status < 0x0100

    def group(self, tag: Tag) -> Mapping[str, list[Value]]:
        """The first group of this kind that holds something; where there is none, what the printer told among the
        attributes of the operation, as small printers do (the package ippserver).
        """
        of_kind = {kind: attributes for kind, attributes in reversed(self.groups) if attributes}
        return of_kind.get(tag) or of_kind.get(Tag.OPERATION_GROUP, {})


def encode(
    operation: Operation,
    of_operation: Iterable[Attribute],
    of_job: Iterable[Attribute] = (),
    version: tuple[int, int] = (1, 1),
    request_id: int = 1,
) -> bytes:
    """A request; a document, where there is one, follows its last byte."""
    first = (
        attribute(Tag.CHARSET, "attributes-charset", "utf-8"),
        attribute(Tag.LANGUAGE, "attributes-natural-language", "en"),
    )
    parts = [struct.pack(">BBHIB", *version, operation, request_id, Tag.OPERATION_GROUP)]
    parts += [_attribute(one) for one in (*first, *of_operation)]
    job = [_attribute(one) for one in of_job]
    if job:
        parts += [bytes([Tag.JOB_GROUP]), *job]
    return b"".join([*parts, bytes([Tag.END])])


def _attribute(one: Attribute) -> bytes:
    """The name stands before the first value only."""
    return b"".join(_value(one.tag, "" if number else one.name, value) for number, value in enumerate(one.values))


def _value(tag: Tag, name: str, value: Any) -> bytes:
    match tag:
        case Tag.INTEGER | Tag.ENUM:
            data = struct.pack(">i", value)
        case Tag.BOOLEAN:
            data = bytes([value])
        case Tag.COLLECTION:
            members = b"".join(_field(Tag.MEMBER_NAME, "", m.name.encode()) + _attribute(_bare(m)) for m in value)
            return _field(tag, name, b"") + members + _field(Tag.END_COLLECTION, "", b"")
        case Tag.OCTETS:
            data = value
        case _:
            data = value.encode()
    return _field(tag, name, data)


def _bare(member: Attribute) -> Attribute:
    return Attribute(member.tag, "", member.values)


def _field(tag: int, name: str, data: bytes) -> bytes:
    named = name.encode()
    return struct.pack(">BH", tag, len(named)) + named + struct.pack(">H", len(data)) + data


class _Reader:
    """Bytes from the front. Raises BadAnswer where they end too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) < count:
            raise BadAnswer("bad-answer", "cut short")
        self._at += count
        return piece

    def field(self) -> tuple[str, bytes]:
        """A name and a value, behind their tag."""
        name = self.take(int.from_bytes(self.take(2), "big"))
        return name.decode("utf-8", "replace"), self.take(int.from_bytes(self.take(2), "big"))


def decode(data: bytes) -> Answer:
    """An answer. Raises BadAnswer for anything that is none."""
    reader = _Reader(data)
    major, _, status, _ = struct.unpack(">BBHI", reader.take(8))
    if major not in (1, 2):
        raise BadAnswer("bad-answer", "no IPP")
    groups: list[tuple[int, dict[str, list[Value]]]] = []
    values: list[Value] | None = None
    while (tag := reader.take(1)[0]) != Tag.END:
        if tag < 0x10:  # delimiters
            groups.append((tag, {}))
            values = None
            continue
        name, raw = reader.field()
        if name and groups:
            values = groups[-1][1].setdefault(name, [])
        if values is None:
            raise BadAnswer("bad-answer", "a value without a name")
        values.append(_collection(reader, DEEPEST) if tag == Tag.COLLECTION else _read(tag, raw))
    return Answer(status, tuple(groups))


def _collection(reader: _Reader, deeper: int) -> dict[str, list[Value]]:
    if not deeper:
        raise BadAnswer("bad-answer", "collections too deep")
    members: dict[str, list[Value]] = {}
    values: list[Value] | None = None
    while (tag := reader.take(1)[0]) != Tag.END_COLLECTION:
        if tag < 0x10:
            raise BadAnswer("bad-answer", "a collection that does not end")
        _, raw = reader.field()
        if tag == Tag.MEMBER_NAME:
            values = members.setdefault(raw.decode("utf-8", "replace"), [])
        elif values is None:
            raise BadAnswer("bad-answer", "a member without a name")
        else:
            values.append(_collection(reader, deeper - 1) if tag == Tag.COLLECTION else _read(tag, raw))
    reader.field()
    return members


def _read(tag: int, raw: bytes) -> Value:
    """A value; one of a syntax that is not known, or of a length that its syntax has not, stays bytes: one attribute
    that nobody needs shall not spoil an answer.
    """
    try:
        match tag:
            case Tag.INTEGER | Tag.ENUM:
                return struct.unpack(">i", raw)[0]
            case Tag.BOOLEAN:
                return struct.unpack(">B", raw)[0] != 0
            case Tag.RANGE:
                return struct.unpack(">ii", raw)
            case Tag.RESOLUTION:
                return struct.unpack(">iib", raw)
            case Tag.TEXT_LANGUAGE | Tag.NAME_LANGUAGE:
                inside = _Reader(raw)
                inside.take(int.from_bytes(inside.take(2), "big"))
                return inside.take(int.from_bytes(inside.take(2), "big")).decode("utf-8", "replace")
    except (struct.error, BadAnswer):
        return raw
    if tag < 0x20:  # unsupported, unknown, no-value
        return None
    if 0x40 <= tag < 0x60:
        return raw.decode("utf-8", "replace")
    return raw
