"""Writing the template: explanation, then every sheet with its columns, drop-down lists and the filled example."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from fleet.catalogue.columns import EXPLAINED, FIRST_DATA_ROW
from fleet.template.explanation import add_explanation
from fleet.template.style import style_column, style_head, style_rows

#: the last row that offers drop-down lists and explains itself
LAST_ROW = 5_000
#: characters of a drop-down list written out, and of the text beside a cell: limits of the file format
_LIST_LIMIT, _PROMPT_LIMIT, _TITLE_LIMIT = 255, 255, 32


def write_template(target: Path) -> None:
    """Write the template workbook. Raises OSError."""
    book = Workbook()
    book.remove(book.worksheets[0])
    add_explanation(book, _told("explanation.toml"))
    rows, told = _told("example.toml"), _told("columns.toml")
    for sheet, columns in {**EXPLAINED, **told["explained"]}.items():
        _add_sheet(book, sheet, columns, rows[sheet], told)
    for sheet in book.worksheets:
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.properties.creator, book.properties.title = "kiosk-fleet template", "事项与表单填写模板"
    book.save(target)


def _add_sheet(
    book: Workbook, name: str, columns: dict[str, str], rows: list[dict[str, Any]], told: dict[str, Any]
) -> None:
    sheet = book.create_sheet(name)
    sheet.append(list(columns))
    sheet.append(list(columns.values()))
    for row in rows:
        if unknown := set(row) - set(columns):
            raise KeyError(f"{name}: no column {sorted(unknown)}")
        sheet.append([row.get(column) for column in columns])
    numbers, required = told["numbers"].get(name, ()), told["required"][name]
    offers = {column: offer for offer in told["lists"] if offer["sheet"] == name for column in offer["columns"]}
    for index, (column, explained) in enumerate(columns.items(), 1):
        filled = [str(row.get(column, "")) for row in rows]
        style_column(sheet, index, filled, is_number=column in numbers)
        letter = get_column_letter(index)
        validation = _validation(column, explained, offers.get(column))
        validation.add(f"{letter}{FIRST_DATA_ROW}:{letter}{LAST_ROW}")
        sheet.add_data_validation(validation)
    style_head(sheet, [column in required for column in columns], list(columns.values()))
    style_rows(sheet, len(rows))
    # the column a row is known by stays in sight as well
    sheet.freeze_panes = f"{'C' if name == 'survey' else 'B'}{FIRST_DATA_ROW}"


def _validation(column: str, explained: str, offer: dict[str, Any] | None) -> DataValidation:
    """What the cell says when it is chosen, and what it offers."""
    validation = DataValidation(type=None, allow_blank=True, showInputMessage=True)
    validation.promptTitle, validation.prompt = column[:_TITLE_LIMIT], explained[:_PROMPT_LIMIT]
    if offer is not None:
        offers = offer["offers"]
        validation.type, validation.formula1 = "list", offers if isinstance(offers, str) else f'"{",".join(offers)}"'
        if len(validation.formula1) > _LIST_LIMIT + 2:
            raise ValueError(f"{column}: the list is longer than a workbook can hold")
        validation.showErrorMessage = bool(offer.get("strict"))
        validation.errorTitle, validation.error = "请从列表里选", explained[:_PROMPT_LIMIT]
    return validation


@cache
def _told(name: str) -> dict[str, Any]:
    return tomllib.loads(files("fleet.template").joinpath(name).read_text(encoding="utf-8"))
