"""A workbook's sheets as the operator sees them, and what is wrong with single cells whatever they mean."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from fleet.catalogue.archive import COLUMN_LIMIT, ROW_LIMIT, Examined, examine
from fleet.catalogue.faults import Faults

#: characters a cell can hold in Excel and WPS
TEXT_LIMIT = 32_767
#: a spreadsheet keeps 15 digits of a number and makes the others 0
_EXACT = 10**15
#: white space and what cannot be seen around a text: no-break and ideographic spaces, byte order mark, zero width
_INVISIBLE = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b\u200c\u200d\u2060"
#: what XML, and so a form, cannot hold; a workbook writes it as _x000B_
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x00[01][0-9A-F]_")

#: openpyxl raises whatever the place of the damage raises
BROKEN = (
    OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, ArithmeticError, EOFError,
    BadZipFile, zlib.error, RecursionError, NotImplementedError,
)  # fmt: skip


@dataclass
class Sheet:
    """The filled cells of a sheet by row and column, 1 being the first; `name` as the workbook writes it."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    #: it could not be read, which is a fault already
    broken: bool = False

    def text(self, row: int, column: int) -> str:
        """The cell's text, "" when empty."""
        return self.rows.get(row, {}).get(column, "")

    @property
    def headers(self) -> dict[int, str]:
        """Row 1."""
        return self.rows.get(1, {})


class Book:
    """An opened workbook; a sheet is read, and its cells are examined, when it is first asked for."""

    def __init__(self, path: Path, examined: Examined, faults: Faults) -> None:
        self._path, self._examined, self._faults = path, examined, faults
        self._book = load_workbook(path, read_only=True, data_only=True)
        self._sheets: dict[str, Sheet] = {}
        self.names: list[str] = [name for name in self._book.sheetnames if hasattr(self._book[name], "iter_rows")]

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def sheet(self, name: str) -> Sheet:
        """The sheet `name`, which must be there."""
        if name not in self._sheets:
            try:
                self._sheets[name] = self._read(name)
            except BROKEN:
                self._faults.add("sheet_broken", name)
                self._sheets[name] = Sheet(name, broken=True)
        return self._sheets[name]

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def _read(self, name: str) -> Sheet:
        sheet, worksheet = Sheet(name), self._book[name]
        part = str(getattr(worksheet, "_worksheet_path", "")).lstrip("/")
        for number, cells in _filled(worksheet):
            texts: dict[int, str] = {}
            for index, cell in cells:
                header = sheet.headers.get(index, "") if number > 1 else ""
                text = self._text(cell, name, number, header, index)
                if text:
                    texts[index] = text
            if texts:
                sheet.rows[number] = texts
        if beyond := self._examined.beyond.get(part):
            row, index = min(beyond[0], 1_048_576), min(beyond[1], 16_384)
            code, most = ("sheet_too_long", ROW_LIMIT) if row > ROW_LIMIT else ("sheet_too_wide", COLUMN_LIMIT)
            self._faults.add(code, name, row, "", index, most=str(most))
        for reference in self._examined.merged.get(part, ()):
            left, top, _, _ = (int(bound or 0) for bound in range_boundaries(reference))
            self._faults.add("merged", name, top, sheet.headers.get(left, ""), left, said=reference)
        if part in self._examined.with_formulas:
            self._look_for_empty_formulas(sheet)
        return sheet

    def _text(self, cell: Any, sheet: str, row: int, header: str, index: int) -> str:
        """A cell as the operator sees it: a spreadsheet keeps 370202 as 370202.0."""
        value = cell.value

        def fault(code: str, **values: str) -> None:
            self._faults.add(code, sheet, row, header, index, **values)

        if cell.data_type == "e":
            fault("error_value", said=str(value))
            return ""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, (datetime, date, time, timedelta)):
            said = _written(value)
            fault("date_cell", said=said)
            return said
        if isinstance(value, (int, float)):
            if abs(value) >= _EXACT:
                fault("long_number", said=f"{value:.0f}" if abs(value) < 1e60 else str(value))
            return str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)
        text = str(value).replace("_x000D_", "")
        if len(text) > TEXT_LIMIT:
            fault("cell_too_long", most=str(TEXT_LIMIT))
            text = text[:100]
        if _UNWRITABLE.search(text):
            fault("control_character")
            text = _UNWRITABLE.sub("", text)
        stripped = text.strip(_INVISIBLE)
        if stripped != text and stripped:
            fault("spaces", said=stripped[:40])
        return stripped

    def _look_for_empty_formulas(self, sheet: Sheet) -> None:
        """Formulas whose result was never saved: by a program that writes workbooks and does not compute them."""
        book = load_workbook(self._path, read_only=True, data_only=False)
        try:
            for number, cells in _filled(book[sheet.name]):
                for index, cell in cells:
                    if cell.data_type == "f" and not sheet.text(number, index):
                        header = sheet.headers.get(index, "") if number > 1 else ""
                        self._faults.add("formula_without_value", sheet.name, number, header, index)
        finally:
            book.close()


def open_book(path: Path, faults: Faults) -> Book | None:
    """The workbook at `path`; None, and why, where it cannot be read."""
    examined = examine(path)
    if examined.refused:
        faults.add(examined.refused)
        return None
    try:
        return Book(path, examined, faults)
    except BROKEN:
        faults.add("no_workbook")
        return None


def _filled(worksheet: Any) -> Iterator[tuple[int, list[tuple[int, Any]]]]:
    """Rows that hold something, with their filled cells; a cell a million rows down costs no million of rows."""
    rows = worksheet.iter_rows(max_row=ROW_LIMIT, max_col=COLUMN_LIMIT)
    for number, row in enumerate(rows, 1):
        filled = [(index, cell) for index, cell in enumerate(row, 1) if cell.value is not None]
        if filled:
            yield number, filled


def _written(value: date | time | timedelta) -> str:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
