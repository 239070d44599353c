"""From the sheets to an XForm the terminal runs; what pyxform or the engine refuses goes back to its cell."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from fleet.catalogue.xlsform.expressions import REFERENCE
from fleet.catalogue.xlsform.reasons import in_both_languages
from fleet.catalogue.xlsform.sheets import FormRow, FormSheet
from fleet.catalogue.xlsform.survey import Survey
from kiosk.forms import Form, FormError
from kiosk.forms.workbook import COLUMNS as RULES

#: faults of pyxform and of the engine that are looked for one after the other, each cell taken away in turn
_ROUNDS = 25
_ROW, _SHEET = re.compile(r"\[row ?: ?(\d+)\]\s*"), re.compile(r"'(survey|choices|settings)' sheet")
_COLUMN = re.compile(r"the '([^']+)' value(?: '[^']*')? is (?:invalid|problematic)\.?\s*")
_LEARN = re.compile(r"\s*Learn more:.*", re.DOTALL)
_LIST_ID = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class FormSheets:
    """The three sheets of one form."""

    survey: FormSheet
    choices: FormSheet
    settings: FormSheet

    @property
    def all(self) -> tuple[FormSheet, ...]:
        """In the order of the workbook."""
        return self.survey, self.choices, self.settings


@dataclass(frozen=True)
class _Cell:
    row: FormRow | None
    sheet: FormSheet
    base: str


def convert_form(
    sheets: FormSheets, survey: Survey, resources: Callable[[str], bytes], form_id: str
) -> tuple[str, Form | None]:
    """The XForm and the loaded form; None and faults where there is none."""
    xml, form, tried = "", None, set[tuple[int, str]]()
    for _ in range(_ROUNDS):
        try:
            xml = _converted(sheets, survey, form_id)
            form = Form.load(xml.encode(), resources)
            break
        except FormError as error:
            place, code, reason = _of_engine(sheets, survey, error), "form_not_runnable", error.reason
        except PyXFormError as error:
            place, reason = _of_pyxform(sheets, error)
            code = "form_broken"
        except Exception as error:  # pyxform meets a workbook it was not written for: no traceback for an operator
            place, code, reason = _Cell(None, sheets.survey, ""), "form_broken", f"{type(error).__name__}: {error}"
        _note(place, code, reason)
        key = (place.row.number if place.row else 0, place.base)
        if place.row is None or place.base in ("", "type", "name", "label") or key in tried:
            break
        tried.add(key)
        place.row.mend(place.base, "0" if place.base == "calculation" else "")
    return xml, form


def _note(cell: _Cell, code: str, reason: str) -> None:
    zh, en = in_both_languages(reason.strip().splitlines()[0][:400] if reason.strip() else code)
    if cell.row is None:
        if not len(cell.sheet.faults) or code == "form_not_runnable":
            cell.sheet.fault(code, reason=zh, reason_en=en)
    elif not cell.row.is_faulty(cell.base):
        cell.row.fault(code, cell.base, reason=zh, reason_en=en)


def _converted(sheets: FormSheets, survey: Survey, form_id: str) -> str:
    definition: dict[str, Any] = {"sheet_names": [sheet.kind for sheet in sheets.all]}
    for sheet in sheets.all:
        rows = [row.handed_on() for row in sheet.rows]
        if survey.renamed:
            rows = [{header: _renamed(text, survey.renamed) for header, text in row.items()} for row in rows]
        if sheet.kind == "settings":
            rows = rows[:1]
            if not rows or not rows[0].get("form_id"):
                rows = [{**(rows[0] if rows else {}), "form_id": form_id}]
        if rows or sheet.kind == "survey":
            headers = {header: None for row in rows for header in row}
            definition[sheet.kind], definition[f"{sheet.kind}_header"] = rows, [headers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return str(convert(xlsform=definition, warnings=[], form_name="data").xform)


def _renamed(text: str, renamed: dict[str, str]) -> str:
    return REFERENCE.sub(lambda found: f"${{{renamed.get(found.group(1).strip(), found.group(1))}}}", text)


def _of_pyxform(sheets: FormSheets, error: PyXFormError) -> tuple[_Cell, str]:
    said = str(error)
    row, named, column = _ROW.search(said), _SHEET.search(said), _COLUMN.search(said)
    sheet = {one.kind: one for one in sheets.all}[named.group(1)] if named else sheets.survey
    number = int(row.group(1)) - 2 if row else -1
    found = sheet.rows[number] if 0 <= number < len(sheet.rows) else None
    base = column.group(1) if column else "type"
    if not sheet.has(base):
        base = "type" if sheet.kind == "survey" else "name"
    reason = _LEARN.sub("", _ROW.sub("", said))
    return _Cell(found, sheet, base), _COLUMN.sub("", re.sub(r"On the '\w+' sheet, ", "", reason))


def _of_engine(sheets: FormSheets, survey: Survey, error: FormError) -> _Cell:
    row = survey.paths.get(error.place)
    if row is not None:
        base = RULES.get(error.rule, "")
        if error.rule == "choices" and not row.get("choice_filter"):
            base = "type"
        if not error.rule:
            base = (
                next((one for one in ("calculation", "relevant") if row.get(one)), "name")
                if _CIRCLE in str(error)
                else "name"
            )
        return _Cell(row, sheets.survey, base if sheets.survey.has(base) else "name")
    if _LIST_ID.fullmatch(error.place):
        for row in sheets.survey.rows:
            if re.search(rf"\b{re.escape(error.place)}(?![\w-])", row.get("type")):
                return _Cell(row, sheets.survey, "type")
        for row in sheets.survey.rows:
            for base in ("calculation", "relevant", "constraint", "default"):
                if re.search(rf"['\"]{re.escape(error.place)}['\"]", row.get(base)):
                    return _Cell(row, sheets.survey, base)
    return _Cell(None, sheets.survey, "")


_CIRCLE = "circle"
