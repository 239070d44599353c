"""The first sheet: how to fill in the others."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from fleet.catalogue.columns import EXPLANATION
from fleet.template.style import FONT, LINE, width

#: of the two columns, in half-width characters
_LEFT, _RIGHT = 40, 84
_HEADING = PatternFill("solid", fgColor="0B5C7A")


def add_explanation(book: Workbook, told: dict[str, Any]) -> None:
    """Add the sheet 填写说明 with what `told` says."""
    sheet = book.create_sheet(EXPLANATION)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = _LEFT, _RIGHT
    sheet.sheet_view.showGridLines = False
    sheet.append([told["title"]])
    sheet["A1"].font = Font(name=FONT, size=18, bold=True, color="0B3C50")
    sheet.row_dimensions[1].height = 36
    for section in told["sections"]:
        sheet.append([])
        sheet.append([section["heading"]])
        for column in (1, 2):
            cell = sheet.cell(sheet.max_row, column)
            cell.fill, cell.font = _HEADING, Font(name=FONT, size=12, bold=True, color="FFFFFF")
            cell.alignment = Alignment(vertical="center")
        sheet.row_dimensions[sheet.max_row].height = 24
        for line in section["lines"]:
            _add_line(sheet, line)


def _add_line(sheet: Any, line: list[str]) -> None:
    row = max(sheet.max_row + 1, 1)
    for column, text in enumerate(line, 1):
        cell = sheet.cell(row, column)
        cell.value, cell.data_type = text, "s"  # an example of an expression may begin as a formula does
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(name=FONT, size=11, bold=column == 1 and len(line) > 1)
    if len(line) == 1:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        lines = -(-width(line[0]) // (_LEFT + _RIGHT - 4))
    else:
        lines = max(-(-width(line[0]) // (_LEFT - 3)), -(-width(line[1]) // (_RIGHT - 3)))
    sheet.row_dimensions[row].height = LINE * lines + 4
