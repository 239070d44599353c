"""A whole form: every fault of its sheets, and the XForm where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fleet.catalogue.book import Book
from fleet.catalogue.faults import Faults
from fleet.catalogue.xlsform.choices import check_choices
from fleet.catalogue.xlsform.conversion import FormSheets, convert_form
from fleet.catalogue.xlsform.resources import check_resources
from fleet.catalogue.xlsform.sheets import FormSheet, read_sheet
from fleet.catalogue.xlsform.survey import check_rules, read_survey
from fleet.catalogue.xlsform.texts import check_labels, check_texts, languages_of


@dataclass(frozen=True)
class CheckedForm:
    """`xml` is "" where a fault was found; `questions` and `resources` (by file name) are what is known anyway."""

    xml: str = ""
    questions: frozenset[str] = frozenset()
    resources: Mapping[str, bytes] = field(default_factory=dict)


def check_form(
    book: Book,
    named: Mapping[str, str],
    first_row: int,
    read_file: Callable[[str], bytes],
    form_id: str,
    faults: Faults,
    sources: frozenset[str] | None = None,
) -> CheckedForm:
    """Check the form on the sheets `named` (survey, choices, settings -> the workbook's name), data from `first_row`.

    `read_file` gives a file beside the form by its name, or raises OSError.
    """
    before = len(faults)
    survey, choices, settings = (
        read_sheet(book, kind, named.get(kind, ""), first_row, faults) for kind in ("survey", "choices", "settings")
    )
    sheets = FormSheets(survey, choices, settings)
    if not _has_columns(survey, "type", "name", "label") or not (
        not choices.rows or _has_columns(choices, "list_name", "name", "label")
    ):
        return CheckedForm()
    known = read_survey(survey)
    languages = languages_of((survey, choices))
    _check_settings(settings, languages)
    check_rules(survey, known, sources)
    duplicates = settings.rows[0].get("allow_choice_duplicates") if settings.rows else ""
    check_choices(choices, known, may_repeat=duplicates.lower() in ("yes", "true", "true()"))
    check_labels(survey, known)
    check_texts(survey, languages, known.names)
    check_texts(choices, languages, known.names)
    resources = check_resources(sheets, known, read_file)
    if known.is_broken or not survey.rows:
        return CheckedForm(questions=frozenset(known.names), resources=resources)

    def beside(address: str) -> bytes:
        return resources[address.rpartition("/")[2]]

    xml, form = convert_form(sheets, known, beside, form_id)
    right = form is not None and len(faults) == before
    return CheckedForm(xml if right else "", frozenset(known.names), resources)


def _has_columns(sheet: FormSheet, *bases: str) -> bool:
    missing = [base for base in bases if not sheet.has(base)]
    if sheet.broken:
        return False
    for base in missing:
        sheet.faults.add("no_column", sheet.name, 1, base)
    return not missing


def _check_settings(settings: FormSheet, languages: list[str]) -> None:
    for row in settings.rows[1:]:
        row.fault("one_row", "form_id")
    if not settings.rows:
        return
    default = settings.rows[0].get("default_language")
    known = [language for language in languages if language]
    if default and default not in known:
        settings.rows[0].fault("unknown_language", "default_language", allowed=" ".join(known) or "—")
        settings.rows[0].mend("default_language", known[0] if known else "")
