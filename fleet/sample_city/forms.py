"""XLSForm workbooks made from the readable forms in `forms/*.toml`; each page is a group with `field-list`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from fleet.sample_city.sheets import add_sheet, save

#: Where a question's first value comes from is our own bind attribute; ODK tools leave it alone.
NAMESPACES = 'bianmin="https://bianmin.example/xforms"'

SURVEY = (
    "type",
    "name",
    "label::zh",
    "label::en",
    "hint::zh",
    "hint::en",
    "appearance",
    "required",
    "required_message::zh",
    "required_message::en",
    "readonly",
    "relevant",
    "constraint",
    "constraint_message::zh",
    "constraint_message::en",
    "calculation",
    "bind::bianmin:from",
)
#: columns that only a form that uses them has
OPTIONAL = ("parameters", "guidance_hint::zh", "guidance_hint::en")
CHOICES = ("list_name", "name", "label::zh", "label::en")
SETTINGS = ("form_title", "form_id", "version", "default_language", "namespaces")


def build_form(source: Path, target: Path) -> None:
    """Write the XLSForm of one TOML form."""
    form = tomllib.loads(source.read_text("utf-8"))
    book = Workbook()
    survey = list(_survey(form))
    optional = tuple(column for column in OPTIONAL if any(column in row for row in survey))
    add_sheet(book, "survey", SURVEY + optional, survey)
    add_sheet(book, "choices", CHOICES, _choices(form))
    settings = {key: form[key] for key in ("form_title", "form_id", "version")}
    settings |= {"default_language": "zh", "namespaces": NAMESPACES}
    add_sheet(book, "settings", SETTINGS, [settings])
    save(book, target)


def _survey(form: dict[str, Any]) -> Iterator[dict[str, str]]:
    for page in form["pages"]:
        group = {key: value for key, value in page.items() if key not in ("questions", "hint_zh", "hint_en", "repeat")}
        repeat = page.get("repeat")
        if repeat:
            # several of the same: what says whether there are any is said of the repeat
            relevant = {"relevant": group.pop("relevant")} if "relevant" in group else {}
            yield _row({"type": "begin_repeat", **repeat, **relevant})
        yield _row({"type": "begin_group", "appearance": "field-list", **group})
        # A group has no hint in XLSForm: the line that helps is the page's first note.
        yield _row(
            {"type": "note", "name": f"{page['name']}_help", "label_zh": page["hint_zh"], "label_en": page["hint_en"]}
        )
        for question in page["questions"]:
            yield _row(question)
        yield {"type": "end_group"}
        if repeat:
            yield {"type": "end_repeat"}


def _row(question: dict[str, str]) -> dict[str, str]:
    def header(key: str) -> str:
        if key == "from":
            return "bind::bianmin:from"
        return f"{key[:-3]}::{key[-2:]}" if key.endswith(("_zh", "_en")) else key

    return {header(key): value for key, value in question.items()}


def _choices(form: dict[str, Any]) -> Iterator[dict[str, str]]:
    for list_name, choices in form["choices"].items():
        for choice in choices:
            yield dict(zip(CHOICES, (list_name, *choice), strict=True))
