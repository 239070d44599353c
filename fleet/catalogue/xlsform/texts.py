"""The texts people read: there at all, in every language, naming only questions that exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from fleet.catalogue.xlsform.columns import BEGIN, END, TRANSLATED
from fleet.catalogue.xlsform.expressions import check_references
from fleet.catalogue.xlsform.sheets import FormRow, FormSheet
from fleet.catalogue.xlsform.survey import SILENT, Survey


def languages_of(sheets: Iterable[FormSheet]) -> list[str]:
    """The languages columns are written in, in the order met; "" stands for a column without one."""
    found = [column.language for sheet in sheets for column in sheet.columns.values() if column.base in TRANSLATED]
    return list(dict.fromkeys(found))


def check_texts(sheet: FormSheet, languages: list[str], names: Collection[str]) -> None:
    """Texts of a sheet that stand in one language and not in another, and the references in them."""
    named = [language for language in languages if language]
    for base in TRANSLATED:
        have = {column.language for column in sheet.columns.values() if column.base == base}
        if named and "" in have:
            sheet.fault("column_without_language", 1, base, better=" ".join(f"{base}::{one}" for one in named))
        elif have:
            for language in named:
                if language not in have:
                    sheet.fault("no_language_column", 1, base, said=base, better=f"{base}::{language}")
        for row in sheet.rows:
            _check_row(row, base, [one for one in named if one in have], names)


def check_labels(sheet: FormSheet, survey: Survey) -> None:
    """Questions, and pages of several, need something to read."""
    for row in sheet.rows:
        kind = survey.types[row].name
        if kind in SILENT or kind in END or (kind in BEGIN and "field-list" not in row.get("appearance").split()):
            continue
        if not any(row.any(base) for base in ("label", "hint", "image", "audio", "video")):
            first = next((column.language for column in sheet.columns.values() if column.base == "label"), "")
            row.fault("no_label", "label", first)
            row.mend(_header(sheet, first), "—")


def _check_row(row: FormRow, base: str, languages: list[str], names: Collection[str]) -> None:
    said = dict.fromkeys(languages, "")
    for column, text in row.texts(base):
        said[column.language] = text
        if not check_references(row, base, column.language, text, names):
            row.mend(column, "—")
    filled = [language for language in languages if said[language]]
    if not filled:
        return
    for language in languages:
        if not said[language]:
            row.fault("no_translation", base, language, said=said[filled[0]][:40], missing=language)


def _header(sheet: FormSheet, language: str) -> str:
    index = sheet.index("label", language)
    return sheet.columns[index].header if index else "label"
