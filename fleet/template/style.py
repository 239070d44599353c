"""How the template looks: heads that stay, columns wide enough to read, texts that wrap."""

from __future__ import annotations

from math import ceil
from typing import Any
from unicodedata import east_asian_width

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

FONT = "Microsoft YaHei"
REQUIRED, OPTIONAL = PatternFill("solid", fgColor="0B5C7A"), PatternFill("solid", fgColor="D5E8EF")
EXPLAINED = PatternFill("solid", fgColor="F3F6F8")
_LINE = Side(style="thin", color="C3CDD4")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
#: in half-width characters
_NARROWEST, _WIDEST = 18, 44
#: points a line of 10 or 11 point text takes
LINE = 16.5
#: what a row of the example grows to at most
_MOST_LINES = 5


def width(text: str) -> int:
    """Half-width characters of the longest line: a Chinese character takes two."""
    lines = text.splitlines() or [""]
    return max(sum(2 if east_asian_width(character) in "WF" else 1 for character in line) for line in lines)


def style_column(sheet: Any, index: int, filled: list[str], *, is_number: bool) -> None:
    """The column's width, and text as its format, so that codes and dates stay what was typed."""
    dimension = sheet.column_dimensions[get_column_letter(index)]
    head = width(str(sheet.cell(1, index).value))
    longest = max([head + 2, *(width(text) + 2 for text in filled)])
    dimension.width = min(max(longest, _NARROWEST), _WIDEST)
    dimension.number_format = "0" if is_number else "@"
    dimension.font = Font(name=FONT, size=11)
    dimension.alignment = Alignment(wrap_text=True, vertical="top")
    for row in range(3, 3 + len(filled)):
        sheet.cell(row, index).number_format = "0" if is_number else "@"


def style_head(sheet: Any, required: list[bool], explained: list[str]) -> None:
    """Rows 1 and 2: dark where a column must be filled."""
    for index, is_required in enumerate(required, 1):
        name, told = sheet.cell(1, index), sheet.cell(2, index)
        name.fill = REQUIRED if is_required else OPTIONAL
        name.font = Font(name=FONT, bold=True, size=11, color="FFFFFF" if is_required else "0B3C50")
        name.alignment = Alignment(vertical="center")
        told.fill, told.font = EXPLAINED, Font(name=FONT, size=10, color="44525C")
        told.alignment = Alignment(wrap_text=True, vertical="top")
        name.border = told.border = BORDER
    sheet.row_dimensions[1].height = 24
    sheet.row_dimensions[2].height = LINE * max(_lines(sheet, i, text) for i, text in enumerate(explained, 1))


def style_rows(sheet: Any, count: int) -> None:
    """The example's rows."""
    for cells in sheet.iter_rows(min_row=3, max_row=2 + count):
        for cell in cells:
            cell.font, cell.border = Font(name=FONT, size=11), BORDER
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        lines = max(
            (_lines(sheet, cell.column, str(cell.value)) for cell in cells if cell.value is not None), default=1
        )
        sheet.row_dimensions[cells[0].row].height = LINE * min(lines, _MOST_LINES) + 3


def _lines(sheet: Any, index: int, text: str) -> int:
    room = sheet.column_dimensions[get_column_letter(index)].width - 2
    return sum(max(1, ceil(width(line) / room)) for line in text.splitlines() or [""])
