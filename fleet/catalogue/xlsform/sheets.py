"""The three sheets of a form, read by what their columns mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fleet.catalogue.book import Book, Sheet
from fleet.catalogue.columns import FIRST_DATA_ROW, REMARKS
from fleet.catalogue.faults import Faults
from fleet.catalogue.xlsform.columns import COLUMNS, Column, column_of, meant_column, type_of

#: characters of a cell: the longest expressions in published forms have some thousands
TEXT_LIMIT = 4_000
#: rows of one sheet; longer lists belong into a file (select_one_from_file)
ROW_LIMIT = 5_000


@dataclass(eq=False)
class FormRow:
    """A row of a form's sheet. What is wrong is noted and then `mended`, so that the rest can be tried."""

    sheet: FormSheet
    number: int
    cells: dict[int, str]
    mended: dict[str, str] = field(default_factory=dict)

    def get(self, base: str, language: str = "") -> str:
        """The cell's text, "" when empty or not there."""
        return self.cells.get(self.sheet.index(base, language), "")

    def any(self, base: str) -> str:
        """The text in the first language that has one."""
        return next((text for _, text in self.texts(base)), "")

    def texts(self, base: str) -> Iterator[tuple[Column, str]]:
        """Filled cells of a column, in every language."""
        for index, column in self.sheet.columns.items():
            if column.base == base and self.cells.get(index):
                yield column, self.cells[index]

    def fault(self, code: str, base: str, language: str = "", **values: str) -> None:
        """Note a fault of the cell, or of the row where the column is not there."""
        index = self.sheet.index(base, language)
        values.setdefault("said", _short(self.cells.get(index, "")))
        written = self.sheet.columns[index].header if index in self.sheet.columns else base
        self.sheet.faults.add(code, self.sheet.name, self.number, written, index, **values)

    def is_faulty(self, base: str, language: str = "") -> bool:
        """Whether a fault of the cell is known."""
        return self.sheet.faults.at(self.sheet.name, self.number, self.sheet.index(base, language))

    def mend(self, column: Column | str, text: str) -> None:
        """What stands there instead while the rest is tried."""
        self.mended[column if isinstance(column, str) else column.header] = text

    def handed_on(self) -> dict[str, str]:
        """The row as pyxform is given it."""
        cells = {column.header: self.cells.get(index, "") for index, column in self.sheet.columns.items()}
        return {header: text for header, text in {**cells, **self._by_header(self.mended)}.items() if text}

    def _by_header(self, mended: dict[str, str]) -> dict[str, str]:
        headers = {column.base: column.header for column in self.sheet.columns.values() if not column.language}
        return {headers.get(key, key): text for key, text in mended.items()}


@dataclass(eq=False)
class FormSheet:
    """`survey`, `choices` or `settings`; `kind` is which, `name` how the workbook writes it."""

    kind: str
    name: str
    faults: Faults
    columns: dict[int, Column] = field(default_factory=dict)
    rows: list[FormRow] = field(default_factory=list)
    broken: bool = False

    def index(self, base: str, language: str = "") -> int:
        """The column's number; without such a language the column's first; 0 where there is none."""
        found = [(column.language, index) for index, column in self.columns.items() if column.base == base]
        return dict(found).get(language) or (found[0][1] if found else 0)

    def has(self, base: str) -> bool:
        """Whether there is such a column, in whatever language."""
        return self.index(base) > 0

    def fault(self, code: str, row: int = 0, base: str = "", **values: str) -> None:
        """Note a fault of the sheet, or of a column's header."""
        self.faults.add(code, self.name, row, base, self.index(base) if base else 0, **values)

    def row(self, number: int) -> FormRow | None:
        """The row with this number in the workbook."""
        return next((row for row in self.rows if row.number == number), None)


def read_sheet(book: Book, kind: str, name: str, first_row: int, faults: Faults) -> FormSheet:
    """Read a form's sheet; `name` "" gives an empty one. Strange columns are faults, and not read."""
    read = FormSheet(kind, name or kind, faults)
    if not name:
        return read
    sheet = book.sheet(name)
    read.broken = sheet.broken
    for index, header in sheet.headers.items():
        _add_column(read, sheet, index, header)
    for number, texts in sheet.rows.items():
        cells = {index: text for index, text in texts.items() if index in read.columns}
        if number < first_row or not cells:
            continue
        for index in [index for index, text in cells.items() if len(text) > TEXT_LIMIT]:
            faults.add("text_too_long", read.name, number, read.columns[index].header, index, most=str(TEXT_LIMIT))
            cells[index] = cells[index][:20]
        read.rows.append(FormRow(read, number, cells))
        if len(read.rows) > ROW_LIMIT:
            faults.add("form_too_long", read.name, number, most=str(ROW_LIMIT))
            break
    if first_row == FIRST_DATA_ROW and kind == "survey":
        at = read.index("type")
        said = sheet.text(2, at) if at else ""
        if said and type_of(said).is_known:
            faults.add("data_in_explanations", read.name, 2, "type", at, said=said)
    return read


def _add_column(read: FormSheet, sheet: Sheet, index: int, header: str) -> None:
    if header.startswith(REMARKS):
        return
    column = column_of(read.kind, header)
    if column is None:
        better = meant_column(read.kind, header)
        if read.kind == "choices" and not better:
            column = Column(header, "", header)  # for choice filters, under the operators' own name
            if not header.isidentifier():
                read.faults.add("bad_filter_column", read.name, 1, header, index, said=header)
        elif better:
            read.faults.add("misspelt_column", read.name, 1, header, index, said=header, meant=better)
            column = column_of(read.kind, better)
        else:
            known = " ".join(COLUMNS[read.kind])
            read.faults.add("unknown_form_column", read.name, 1, header, index, said=header, allowed=known)
    if column is None:
        return
    if any((one.base, one.language) == (column.base, column.language) for one in read.columns.values()):
        read.faults.add("column_twice", read.name, 1, header, index, said=header)
        return
    read.columns[index] = column


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
