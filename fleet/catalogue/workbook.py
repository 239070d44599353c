"""Reading the operator's workbook: sheets, rows and cells, each fault with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from contract.model import Words
from fleet.catalogue.columns import FIRST_DATA_ROW, LATER, SHEETS
from fleet.catalogue.faults import Faults

_Value = TypeVar("_Value")
YES_NO: Mapping[str, bool] = {"是": True, "否": False}


@dataclass(frozen=True)
class Row:
    """One row of data. Every reader returns a harmless value where it notes a fault, so that reading goes on."""

    sheet: str
    number: int
    cells: dict[str, str]
    indexes: dict[str, int]
    faults: Faults

    def fault(self, column: str, code: str, **values: str) -> None:
        """Note a fault of this row's cell in `column`; what the cell says is in `said` already."""
        values.setdefault("said", self.cells.get(column, ""))
        self.faults.add(code, self.sheet, self.number, column, self.indexes.get(column, 0), **values)

    def optional(self, column: str) -> str:
        """The cell's text, "" when empty."""
        return self.cells.get(column, "")

    def text(self, column: str) -> str:
        """The cell's text, which must not be empty."""
        text = self.optional(column)
        if not text and column in self.indexes:
            self.fault(column, "empty")
        return text

    def words(self, stem: str) -> Words:
        """Chinese from `<stem>_zh`, which must be there, and English from `<stem>_en`."""
        return Words(zh=self.text(f"{stem}_zh"), en=self.optional(f"{stem}_en"))

    def optional_words(self, stem: str) -> Words | None:
        """As `words`, or None where the Chinese cell is empty."""
        zh = self.optional(f"{stem}_zh")
        return Words(zh=zh, en=self.optional(f"{stem}_en")) if zh else None

    def whole_number(self, column: str, least: int = 0, default: int | None = None) -> int:
        """A whole number of at least `least`; an empty cell is `default` where one is given."""
        text = self.optional(column)
        if not text and default is not None:
            return default
        if not self.text(column):
            return least
        if not (text.isascii() and text.isdigit() and least <= int(text) < 1_000_000):
            self.fault(column, "not_whole_number", least=str(least))
            return least
        return int(text)

    def one_of(self, column: str, allowed: Mapping[str, _Value]) -> _Value:
        """The value the cell's word stands for."""
        return self._word_of(column, self.text(column), allowed)

    def one_of_or(self, column: str, allowed: Mapping[str, _Value], default: _Value) -> _Value:
        """As `one_of`; `default` where the cell is empty."""
        return self.one_of(column, allowed) if self.optional(column) else default

    def some_of(self, column: str, allowed: Mapping[str, _Value]) -> list[_Value]:
        """The values of words separated by 、, at least one."""
        self.text(column)
        return [self._word_of(column, part, allowed) for part in self.parts(column)]

    def yes(self, column: str) -> bool:
        """是 or 否."""
        return self.one_of(column, YES_NO)

    def parts(self, column: str) -> list[str]:
        """The cell's parts, separated by 、; no empty ones."""
        return [part.strip() for part in self.optional(column).split("、") if part.strip()]

    def _word_of(self, column: str, word: str, allowed: Mapping[str, _Value]) -> _Value:
        if word in allowed:
            return allowed[word]
        if word:
            self.fault(column, "not_in_list", said=word, allowed=" ".join(allowed))
        return next(iter(allowed.values()))


def read_workbook(path: Path, faults: Faults) -> dict[str, list[Row]]:
    """The rows of every sheet of `SHEETS`; missing sheets and columns are faults and give no rows or cells."""
    try:
        workbook = load_workbook(path, read_only=False, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError):
        faults.add("no_workbook")
        return {sheet: [] for sheet in SHEETS}
    rows: dict[str, list[Row]] = {}
    for sheet, columns in SHEETS.items():
        if sheet not in workbook.sheetnames:
            faults.add("no_sheet", sheet)
            rows[sheet] = []
        else:
            rows[sheet] = _read_sheet(workbook[sheet], sheet, columns, faults)
    return rows


def _read_sheet(worksheet: Any, sheet: str, columns: tuple[str, ...], faults: Faults) -> list[Row]:
    headers = {index: _text(cell.value) for index, cell in enumerate(worksheet[1], start=1)}
    indexes: dict[str, int] = {}
    for index, header in headers.items():
        if header in columns:
            indexes.setdefault(header, index)
        elif header:
            faults.add("unknown_column", sheet, 1, header, index, said=header)
    for column in columns:
        if column not in indexes and column not in LATER.get(sheet, ()):
            faults.add("no_column", sheet, 1, column)
    rows = []
    for number, values in enumerate(worksheet.iter_rows(min_row=FIRST_DATA_ROW, values_only=True), FIRST_DATA_ROW):
        cells = {column: _text(values[index - 1]) for column, index in indexes.items()}
        if any(cells.values()):
            rows.append(Row(sheet, number, cells, indexes, faults))
    return rows


def _text(value: object) -> str:
    """A cell as the operator sees it: a spreadsheet keeps 370202 as 370202.0."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
