"""Choice lists: that those asked for are there, and that each of their choices can be chosen and read."""

from __future__ import annotations

from collections import defaultdict

from fleet.catalogue.alike import meant
from fleet.catalogue.xlsform.columns import FROM_FILE, SELECTS
from fleet.catalogue.xlsform.sheets import FormRow, FormSheet
from fleet.catalogue.xlsform.survey import Survey

#: more choices are looked for by searching, which nobody does for two
_FEWEST = 2


def check_choices(choices: FormSheet, survey: Survey, *, may_repeat: bool) -> None:
    """Lists against the questions that use them; `may_repeat` is the setting allow_choice_duplicates."""
    lists = _lists(choices)
    used: dict[str, list[FormRow]] = defaultdict(list)
    for row, kind in survey.types.items():
        if kind.name not in SELECTS or kind.name in FROM_FILE:
            continue
        if kind.source in lists or kind.source.startswith("${"):
            used[kind.source].append(row)
            continue
        likely = meant(kind.source, lists, 0.6)
        code = "misspelt_list" if likely else "unknown_list"
        row.fault(code, "type", said=kind.source, meant=likely, allowed=" ".join(lists) or "—")
        row.mend("type", "text")
        row.mend("choice_filter", "")
        row.mend("parameters", "")
    for name, rows in lists.items():
        filtered = any(row.get("choice_filter") for row in used.get(name, []))
        _check_list(rows, may_repeat=may_repeat or filtered)
        if name not in used and not any(f"'{name}'" in text for row in survey.types for text in row.cells.values()):
            rows[0].fault("unused_list", "list_name", said=name)
        elif len(rows) < _FEWEST:
            rows[0].fault("single_choice", "list_name", said=name)


def _lists(choices: FormSheet) -> dict[str, list[FormRow]]:
    lists: dict[str, list[FormRow]] = {}
    for row in choices.rows:
        name = row.get("list_name")
        if not name:
            row.fault("no_list_name", "list_name")
            row.mend("list_name", "row_without_list")
        elif len(name.split()) > 1:
            row.fault("bad_list_name", "list_name")
            row.mend("list_name", "_".join(name.split()))
        else:
            lists.setdefault(name, []).append(row)
    return lists


def _check_list(rows: list[FormRow], *, may_repeat: bool) -> None:
    values: dict[str, int] = {}
    labels: dict[tuple[str, str], int] = {}
    for row in rows:
        value = row.get("name")
        if not value:
            row.fault("no_choice_value", "name")
        elif len(value.split()) > 1:
            row.fault("choice_value_with_space", "name", better="_".join(value.split()))
        elif value in values and not may_repeat:
            row.fault("choice_twice", "name", first=str(values[value]))
        else:
            values.setdefault(value, row.number)
            value = ""
        if value or not row.get("name"):
            row.mend("name", f"row_{row.number}")
        if not any(row.any(base) for base in ("label", "image", "audio", "video")):
            row.fault("no_choice_label", "label")
            row.mend("label", "—")
        for column, text in row.texts("label"):
            first = labels.setdefault((column.language, text), row.number)
            if first != row.number and not may_repeat:
                row.fault("choice_label_twice", "label", column.language, first=str(first))
