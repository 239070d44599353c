"""Forms and templates beside the workbook: XLSForm becomes XForm, and is tried with the terminal's own engine."""

from __future__ import annotations

from pathlib import Path

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from fleet.catalogue.workbook import Row


def find_file(workbook: Path, folder: str, name: str) -> Path | None:
    """`name` beside the workbook or in its `folder`; never outside them."""
    if "/" in name or "\\" in name or name.startswith("."):
        return None
    for candidate in (workbook.parent / name, workbook.parent / folder / name):
        if candidate.is_file():
            return candidate
    return None


def read_form(row: Row, workbook: Path, name: str) -> str:
    """The XForm of `<name>.xlsx` as XML; "" and a fault where it cannot be converted or run."""
    path = find_file(workbook, "forms", f"{name}.xlsx")
    if path is None:
        row.fault("form", "form_missing", said=name)
        return ""
    try:
        xml: str = convert(xlsform=path, warnings=[]).xform
    except (PyXFormError, OSError, KeyError, ValueError) as error:
        row.fault("form", "form_broken", said=name, reason=_first_line(error))
        return ""
    reason = _why_not_runnable(xml)
    if reason:
        row.fault("form", "form_not_runnable", said=name, reason=reason)
        return ""
    return xml


def read_template(row: Row, workbook: Path, name: str) -> str:
    """The text of `<name>.typ`; "" and a fault where it is missing."""
    path = find_file(workbook, "templates", f"{name}.typ")
    if path is None:
        row.fault("result_template", "template_missing", said=name)
        return ""
    return path.read_text(encoding="utf-8")


def question_names(xml: str) -> set[str]:
    """The names of a form's questions and calculations; empty for no form."""
    from kiosk.forms import Form, FormError

    try:
        return {path.rpartition("/")[2] for path in Form.load(xml.encode()).declarations} if xml else set()
    except FormError:
        return set()


def _why_not_runnable(xml: str) -> str:
    from kiosk.forms import Form, FormError

    try:
        Form.load(xml.encode())
    except FormError as error:
        return _first_line(error)
    return ""


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0][:300]
