"""Files operators hand in, looked at before they are read: what could exhaust the machine is refused unread."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

#: bytes of a workbook; a city of 3,000 items is 3 MB
WORKBOOK_LIMIT = 30_000_000
#: bytes of a file beside a form (a list, a picture)
RESOURCE_LIMIT = 10_000_000
#: bytes a workbook's XML may unfold to: its sheets and texts, and any other part (styles, comments)
SHEETS_LIMIT, PART_LIMIT = 64_000_000, 8_000_000
#: what one workbook may hold; WPS leaves a million empty rows when a whole column is coloured
PARTS, ROWS, CELLS = 1_000, 200_000, 1_500_000
#: of one sheet that is read
ROW_LIMIT, COLUMN_LIMIT = 100_000, 200
#: what a zip of workbook, forms and files may hold
FILES, UNPACKED = 500, 200_000_000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CHUNK = 1 << 20
_OVERLAP = 80
_ROW, _CELL = re.compile(rb"<(?:\w+:)?row[\s>/]"), re.compile(rb"<(?:\w+:)?c[\s>/]")
#: of a cell; <formula1> belongs to a drop-down list
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_FILLED = re.compile(rb"<(?:\w+:)?c r=\"([A-Z]{1,7})(\d{1,10})\"[^>]*(?<!/)>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s+ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
#: merged ranges that are reported of one sheet
_MERGES_SHOWN = 50


@dataclass
class Examined:
    """`refused` is a fault's code, "" for a workbook that may be read; the rest is by part of the package."""

    refused: str = ""
    merged: dict[str, list[str]] = field(default_factory=dict)
    with_formulas: set[str] = field(default_factory=set)
    #: the first filled cell beyond what is read, as row and column
    beyond: dict[str, tuple[int, int]] = field(default_factory=dict)


def examine(path: Path) -> Examined:
    """Whether `path` is an .xlsx that can be read in bounded time and memory."""
    try:
        if path.stat().st_size > WORKBOOK_LIMIT:
            return Examined("workbook_too_large")
        with path.open("rb") as file:
            if file.read(len(_OLE)) == _OLE:
                return Examined("old_workbook")
        with zipfile.ZipFile(path) as package:
            return _package(package)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return Examined("no_workbook")


def unpack(path: Path, target: Path) -> str:
    """Unfold a zip of workbook, forms and files into the empty folder `target`; a fault's code, "" for done."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            if len(entries) > FILES or sum(entry.file_size for entry in entries) > UNPACKED:
                return "zip_too_large"
            for entry in entries:
                name = PurePosixPath(_name(entry).replace("\\", "/"))
                if name.is_absolute() or ".." in name.parts or len(name.parts) > 6:
                    return "zip_names"
                if name.name.startswith((".", "~$")) or "__MACOSX" in name.parts:
                    continue
                place = target.joinpath(*name.parts)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(package.read(entry))
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return "zip_broken"
    return ""


def is_zip_of_files(path: Path) -> bool:
    """A zip that is no spreadsheet itself."""
    return path.suffix.lower() == ".zip" and zipfile.is_zipfile(path)


def _name(entry: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in GBK and does not say so; zipfile then reads them as code page 437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _package(package: zipfile.ZipFile) -> Examined:
    entries = package.infolist()
    names = {entry.filename for entry in entries}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return Examined("macro_workbook")
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        return Examined("not_spreadsheet")
    if len(entries) > PARTS or len(names) != len(entries):
        return Examined("workbook_too_large")
    examined, unfolded, rows, cells = Examined(), 0, 0, 0
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        is_sheet = _SHEET.fullmatch(entry.filename) is not None
        unfolded += entry.file_size
        large = is_sheet or entry.filename == "xl/sharedStrings.xml"
        if unfolded > SHEETS_LIMIT or (not large and entry.file_size > PART_LIMIT):
            return Examined("workbook_too_large")
        for chunk, fresh in _chunks(package, entry):
            if b"\0" in chunk or b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                return Examined("no_workbook")
            if is_sheet:
                rows, cells = rows + _count(_ROW, chunk, fresh), cells + _count(_CELL, chunk, fresh)
                if rows > ROWS or cells > CELLS:
                    return Examined("too_many_rows")
                _note(examined, entry.filename, chunk)
    return examined


def _chunks(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Pieces of a part, each with the end of the one before, and where what is new in it begins."""
    before = b""
    with package.open(entry) as file:
        while piece := file.read(_CHUNK):
            yield before + piece, len(before)
            before = (before + piece)[-_OVERLAP:]


def _count(pattern: re.Pattern[bytes], chunk: bytes, fresh: int) -> int:
    return sum(found.end() > fresh for found in pattern.finditer(chunk))


def _note(examined: Examined, part: str, chunk: bytes) -> None:
    if _FORMULA.search(chunk):
        examined.with_formulas.add(part)
    merged = examined.merged.setdefault(part, [])
    for cell in _FILLED.finditer(chunk) if part not in examined.beyond else ():
        row, column = int(cell.group(2)), _number(cell.group(1))
        if row > ROW_LIMIT or column > COLUMN_LIMIT:
            examined.beyond[part] = (row, column)
            break
    for found in _MERGED.finditer(chunk):
        reference = found.group(1).decode()
        if reference not in merged and len(merged) < _MERGES_SHOWN:
            merged.append(reference)


def _number(letters: bytes) -> int:
    """A is 1, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
