"""XLSForm workbooks: to XForms by pyxform, and from a fault of the XForm back to the cell."""

from __future__ import annotations

import warnings
from pathlib import Path

from kiosk.forms.errors import FormError

#: attribute of a bind, or part of a question -> the column operators write it in
COLUMNS = {
    "constraint": "constraint", "relevant": "relevant", "required": "required", "readonly": "readonly",
    "calculate": "calculation", "constraintMsg": "constraint_message", "requiredMsg": "required_message",
    "count": "repeat_count", "choices": "choice_filter", "default": "default", "trigger": "trigger",
    "parameters": "parameters", "appearance": "appearance", "label": "label", "hint": "hint", "type": "type",
}  # fmt: skip


def converted(path: Path) -> bytes:
    """The XForm of a workbook. Raises FormError with pyxform's own words, which name sheet and row."""
    from pyxform.xls2xform import convert

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(convert(xlsform=path, warnings=[]).xform).encode()
    except Exception as error:  # pyxform raises its own and plain exceptions for a wrong workbook
        raise FormError((str(error) or type(error).__name__).strip()) from None


def place_in_workbook(path: Path, error: FormError) -> str:
    """ "survey!G12" for what an error of `Form.load` is about; "" where it is no cell."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    name = error.place.rpartition("/")[2]
    column = COLUMNS.get(error.rule, "name")
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        if "survey" not in book.sheetnames:
            return ""
        rows = book["survey"].iter_rows(values_only=True)
        headers = [str(cell or "").strip() for cell in next(rows, ())]
        names = [header.partition("::")[0] for header in headers]
        if "name" not in names:
            return ""
        for number, row in enumerate(rows, 2):
            if str(row[names.index("name")] or "").strip() == name:
                place = names.index(column) if column in names else names.index("name")
                return f"survey!{get_column_letter(place + 1)}{number}"
        return ""
    finally:
        book.close()
