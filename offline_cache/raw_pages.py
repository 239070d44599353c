"""Rows read from the raw pages of a damaged SQLite file (https://www.sqlite.org/fileformat2.html).

Where the tree above them is broken, SQLite reaches no row. Each leaf page stands for itself, and every row that matters
here is told by its shape; that it is whole, its seal tells afterwards.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: section 1.6: a leaf of a table
_LEAF = 0x0D
#: section 4.1: the WAL's magic number; the last bit tells the byte order of its checksums
_WAL_MAGIC = 0x377F0682
_PAGE_SIZES = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536}
#: a record of more bytes is a broken length; a scanned paper has a tenth of it
LARGEST = 64_000_000

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*"
#: table -> how its first columns look: a pattern for text, a type for others; None is allowed where the pattern is ""
_SHAPES: dict[str, tuple[str | type, ...]] = {
    "visits": (_UUID, _TIME, f"|{_TIME}", bytes),
    "outbox": (_UUID, _UUID, "case|rating", f"|{_UUID}", bytes, "waiting|acknowledged|delivered|parked", int),
    "materials": (_UUID, "[0-9a-f]{64}", bytes),
    "case_materials": (_UUID, _UUID, "[0-9a-f]{64}"),
    "answers": (_UUID, _UUID, bytes),
    "prints": (_UUID, ".*", "receipt|certificate|notice|slip", ".*", "planned|sent|confirmed|uncertain|failed"),
    "secrets": ("[a-z]+", bytes, int),
    "counters": ("[0-9]{8}", int),
    "used_codes": ("[0-9a-f]{64}", float),
}
#: tables whose key is SQLite's own row number, which is not in the record
ROWID_IS = {"key_generations": "generation", "print_events": "id"}


@dataclass(frozen=True)
class Record:
    """One row as it lies on a page."""

    rowid: int
    values: tuple[Any, ...]


def fits(table: str, values: tuple[Any, ...]) -> bool:
    """Whether a row looks like one of `table`."""
    shape = _SHAPES.get(table)
    if shape is None or len(values) < len(shape):
        return False
    return all(_like(value, wanted) for value, wanted in zip(values, shape, strict=False))


def _like(value: Any, wanted: str | type) -> bool:
    if isinstance(wanted, type):
        return isinstance(value, wanted)
    return isinstance(value, str | None) and re.fullmatch(wanted, value or "", re.DOTALL) is not None


def records(database: Path) -> Iterator[Record]:
    """Every record on every leaf of the file, with what its WAL had committed."""
    pages = _Pages(database)
    for number in range(1, pages.count + 1):
        page = pages.page(number)
        start = 100 if number == 1 else 0
        if len(page) < start + 8 or page[start] != _LEAF:
            continue
        cells = int.from_bytes(page[start + 3 : start + 5], "big")
        for place in range(start + 8, min(start + 8 + 2 * cells, len(page) - 1), 2):
            try:
                yield _record(pages, page, int.from_bytes(page[place : place + 2], "big"))
            except (IndexError, ValueError, struct.error):
                continue


class _Pages:
    """Pages by number: the file's, and over them what was committed in the WAL."""

    def __init__(self, database: Path) -> None:
        self._content = database.read_bytes()
        self._log = _committed(Path(f"{database}-wal"))
        said = int.from_bytes(self._content[16:18], "big")
        size = 65536 if said == 1 else said
        if self._log:
            size = len(next(iter(self._log.values())))
        self.size = size if size in _PAGE_SIZES else 4096
        self.count = max(len(self._content) // self.size, *self._log.keys(), 0)

    def page(self, number: int) -> bytes:
        """The page; empty for one that is not there."""
        if number in self._log:
            return self._log[number]
        return self._content[(number - 1) * self.size : number * self.size] if number > 0 else b""


def _committed(log: Path) -> dict[int, bytes]:
    """The newest committed frame of each page (section 4)."""
    try:
        content = log.read_bytes()
    except FileNotFoundError:
        return {}
    if len(content) < 32:
        return {}
    magic, _, size = struct.unpack(">3I", content[:12])
    if magic & ~1 != _WAL_MAGIC or size not in _PAGE_SIZES:
        return {}
    order, salts = (">" if magic & 1 else "<"), content[16:24]
    sums = _sum(content[:24], order, (0, 0))
    committed: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    for place in range(32, len(content) - 23 - size, 24 + size):
        header, page = content[place : place + 24], content[place + 24 : place + 24 + size]
        sums = _sum(page, order, _sum(header[:8], order, sums))
        if header[8:16] != salts or struct.unpack(">2I", header[16:24]) != sums:
            break
        number, pages_after_commit = struct.unpack(">2I", header[:8])
        waiting[number] = page
        if pages_after_commit:
            committed |= waiting
            waiting = {}
    return committed


def _sum(data: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    """Section 4.2."""
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _record(pages: _Pages, page: bytes, place: int) -> Record:
    """The cell at `place` (section 1.6). Raises IndexError, ValueError, struct.error where it is none."""
    length, place = _varint(page, place)
    rowid, place = _varint(page, place)
    if not 0 < length < LARGEST:
        raise ValueError(length)
    most = pages.size - 35
    here = length
    if length > most:
        least = (pages.size - 12) * 32 // 255 - 23
        here = least + (length - least) % (pages.size - 4)
        here = here if here <= most else least
    payload = bytearray(page[place : place + here])
    following = int.from_bytes(page[place + here : place + here + 4], "big") if length > here else 0
    while len(payload) < length:
        part = pages.page(following)
        if len(part) < 4:
            raise ValueError("an overflow page is missing")
        payload += part[4 : 4 + length - len(payload)]
        following = int.from_bytes(part[:4], "big")
    return Record(rowid, tuple(_values(bytes(payload))))


def _values(payload: bytes) -> Iterator[Any]:
    """The record format (section 2.1)."""
    end, place = _varint(payload, 0)
    kinds = []
    while place < end:
        kind, place = _varint(payload, place)
        kinds.append(kind)
    for kind in kinds:
        size = {5: 6, 6: 8, 7: 8}.get(kind, kind) if kind < 8 else (kind - 12) // 2 if kind >= 12 else 0
        piece = payload[place : place + size]
        if len(piece) < size:
            raise ValueError("a value is cut off")
        place += size
        if kind == 0:
            yield None
        elif kind in (8, 9):
            yield kind - 8
        elif kind == 7:
            yield struct.unpack(">d", piece)[0]
        elif kind < 7:
            yield int.from_bytes(piece, "big", signed=True)
        elif kind in (10, 11):
            raise ValueError("a reserved type")
        else:
            yield piece.decode() if kind % 2 else piece


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A number of one to nine bytes (section 1.6), and where it ends."""
    value = 0
    for count in range(9):
        byte = data[place + count]
        if count == 8:
            return (value << 8) | byte, place + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, place + count + 1
    raise ValueError("no number")
