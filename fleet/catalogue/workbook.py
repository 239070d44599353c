"""Reading the operator's workbook: sheets, rows and cells, each fault with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from contract.model import Words
from fleet.catalogue.alike import meant
from fleet.catalogue.book import Book, Sheet
from fleet.catalogue.columns import EXPLAINED, EXPLANATION, FIRST_DATA_ROW, FORM_SHEETS, LATER, REMARKS, SHEETS
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
        if not text and not self.faulty(column):
            self.fault(column, "empty")
        return text

    def faulty(self, column: str) -> bool:
        """Whether the cell, or its whole column, is told as a fault already."""
        return column not in self.indexes or self.faults.at(self.sheet, self.number, self.indexes[column])

    def words(self, stem: str) -> Words:
        """Chinese from `<stem>_zh`, which must be there, and English from `<stem>_en`."""
        return Words(zh=self.text(f"{stem}_zh"), en=self.optional(f"{stem}_en"))

    def optional_words(self, stem: str) -> Words | None:
        """As `words`, or None where both cells are empty; English alone is a fault, for nobody would see it."""
        zh, en = self.optional(f"{stem}_zh"), self.optional(f"{stem}_en")
        if en and not zh:
            self.fault(f"{stem}_zh", "no_chinese", said=en[:40])
        return Words(zh=zh, en=en) if zh else None

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


def read_workbook(book: Book, faults: Faults) -> dict[str, list[Row]]:
    """The rows of every sheet of `SHEETS`; missing sheets and columns are faults and give no rows or cells."""
    named = named_sheets(book, (*SHEETS, *FORM_SHEETS), faults)
    for sheet in SHEETS:
        if sheet not in named:
            faults.add("no_sheet", sheet)
    return {sheet: _read_sheet(book.sheet(named[sheet]), sheet, faults) if sheet in named else [] for sheet in SHEETS}


def named_sheets(book: Book, known: tuple[str, ...], faults: Faults) -> dict[str, str]:
    """Known sheet -> what the workbook calls it; a misspelt one is a fault and read all the same."""
    named = {sheet: sheet for sheet in known if sheet in book}
    for name in book.names:
        if name in named or name == EXPLANATION:
            continue
        sheet = meant(name, [sheet for sheet in known if sheet not in named])
        if sheet:
            named[sheet] = name
            faults.add("misspelt_sheet", name, said=name, meant=sheet)
        else:
            faults.add("unknown_sheet", name)
    return named


def _read_sheet(sheet: Sheet, known_as: str, faults: Faults) -> list[Row]:
    columns = () if sheet.broken else SHEETS[known_as]
    indexes: dict[str, int] = {}
    strange: dict[int, str] = {}
    for index, header in sheet.headers.items():
        if header in columns and header in indexes:
            faults.add("column_twice", sheet.name, 1, header, index, said=header)
        elif header in columns:
            indexes[header] = index
        elif not header.startswith(REMARKS):
            strange[index] = header
    missing = [column for column in columns if column not in indexes]
    for index, header in strange.items():
        column = _meant_column(known_as, header, missing)
        if column:
            missing.remove(column)
            indexes[column] = index
            faults.add("misspelt_column", sheet.name, 1, header, index, said=header, meant=column)
        else:
            faults.add("unknown_column", sheet.name, 1, header, index, said=header)
    for column in missing:
        if column not in LATER.get(known_as, ()):
            faults.add("no_column", sheet.name, 1, column)
    rows = []
    for number, texts in sheet.rows.items():
        if number < FIRST_DATA_ROW:
            continue
        cells = {column: texts.get(index, "") for column, index in indexes.items()}
        if any(cells.values()):
            rows.append(Row(sheet.name, number, cells, indexes, faults))
    _untranslated(rows)
    return rows


def _meant_column(sheet: str, header: str, missing: list[str]) -> str:
    """The missing column a strange header stands for: misspelt, or its explanation instead of its name."""
    explained = {EXPLAINED[sheet][column]: column for column in missing}
    found = [column for text, column in explained.items() if len(header) > 1 and text.startswith(header)]
    return found[0] if found else meant(header, missing)


def _untranslated(rows: list[Row]) -> None:
    """Notices of Chinese without English: whoever has chosen English reads Chinese there."""
    for row in rows:
        for column in row.indexes:
            english = f"{column[:-3]}_en"
            if not column.endswith("_zh") or english not in row.indexes:
                continue
            if row.optional(column) and not row.optional(english):
                row.fault(english, "no_english", said=row.optional(column)[:40])
