"""The template workbook with some cells changed, as an operator would save it."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook, load_workbook

from fleet.catalogue.checking import check
from fleet.catalogue.faults import Fault
from fleet.template.workbook import write_template

Edit = Callable[[Workbook], None]


def edited(folder: Path, *edits: Edit) -> Path:
    """The template in `folder` after the edits."""
    path = folder / "template.xlsx"
    book = load_workbook(io.BytesIO(_template()))
    for edit in edits:
        edit(book)
    book.save(path)
    return path


@cache
def _template() -> bytes:
    with TemporaryDirectory() as folder:
        write_template(Path(folder) / "template.xlsx")
        return (Path(folder) / "template.xlsx").read_bytes()


def cell(sheet: str, place: str, value: object) -> Edit:
    """Write one cell."""

    def edit(book: Workbook) -> None:
        book[sheet][place] = value  # type: ignore[index]

    return edit


def column_of(sheet: Any, header: str) -> str:
    return next(one.column_letter for one in sheet[1] if one.value == header)


def at(sheet: str, header: str, row: int, value: object) -> Edit:
    """Write the cell of a row by its column's name."""

    def edit(book: Workbook) -> None:
        book[sheet][f"{column_of(book[sheet], header)}{row}"] = value  # type: ignore[index]

    return edit


def row(sheet: str, **cells: object) -> Edit:
    """Add a row below the last; `__` in a name stands for `::`."""

    def edit(book: Workbook) -> None:
        worksheet: Any = book[sheet]
        number = 3
        while any(one.value is not None for one in worksheet[number]):
            number += 1
        for name, value in cells.items():
            worksheet[f"{column_of(worksheet, name.replace('__', '::'))}{number}"] = value

    return edit


def question(name: str, kind: str = "text", **cells: object) -> Edit:
    """Add a question with its labels, in row 22 of the template's survey and below."""
    return row("survey", type=kind, name=name, label__zh="问题", label__en="Question", **cells)


def found(path: Path) -> dict[str, str]:
    """Cell -> code of every fault and notice."""
    faults, notices = check(path)
    return {one.cell: one.code for one in [*faults, *notices]}


def all_found(path: Path) -> list[Fault]:
    faults, notices = check(path)
    return [*faults, *notices]
