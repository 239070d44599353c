"""What stands beside the workbook or in it: forms with their files, and templates of certificates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from fleet.catalogue.book import Book, open_book
from fleet.catalogue.columns import FIRST_DATA_ROW, FORM_SHEETS, SHEETS
from fleet.catalogue.faults import Faults
from fleet.catalogue.workbook import Row, named_sheets
from fleet.catalogue.xlsform.check import CheckedForm, check_form
from fleet.catalogue.xlsform.columns import column_of, meant_column
from fleet.paperwork import PAPERWORK

_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass
class Attachments:
    """Forms and templates of one import; `files` and `resources` are what the release will hold, by target path."""

    workbook: Path
    book: Book
    faults: Faults
    files: dict[str, str] = field(default_factory=dict)
    resources: dict[str, bytes] = field(default_factory=dict)
    #: what the items call the forms they use
    named_by_items: frozenset[str] = frozenset()
    _checked: dict[str, CheckedForm] = field(default_factory=dict)

    @cached_property
    def _named(self) -> dict[str, str]:
        """The form's sheets by what the workbook calls them; misspelt ones are known as faults already."""
        found = named_sheets(self.book, (*SHEETS, *FORM_SHEETS), Faults())
        return {sheet: name for sheet, name in found.items() if sheet in FORM_SHEETS}

    @cached_property
    def own_form(self) -> str:
        """The form_id of the form that stands in the workbook itself; "" for none."""
        if not {"survey", "settings"}.issubset(self._named):
            return ""
        settings = self.book.sheet(self._named["settings"])
        for index, header in settings.headers.items():
            column = column_of("settings", header) or column_of("settings", meant_column("settings", header))
            if column is not None and column.base == "form_id":
                return settings.text(FIRST_DATA_ROW, index)
        return ""

    @property
    def _own_is_unused(self) -> bool:
        """There is a form in the workbook itself, and no item names it."""
        return "survey" in self._named and self.own_form not in self.named_by_items

    def form(self, row: Row, folder: str, name: str, sources: frozenset[str] | None) -> CheckedForm:
        """The form `name` for the department `folder`, from the workbook itself or `<name>.xlsx` beside it."""
        if name not in self._checked:
            self._checked[name] = self._check(row, name, sources)
        checked = self._checked[name]
        if checked.xml:
            self.files[f"{folder}/{name}.xml"] = checked.xml
            for file, content in checked.resources.items():
                self.resources[f"{folder}/{name}/{file}"] = content
        return checked

    def template(self, row: Row, folder: str, name: str) -> None:
        """Take up the text of `<name>.typ`; a fault where it is missing."""
        if not self._take_template(row, folder, name):
            row.fault("result_template", "template_missing", said=name)

    def paperwork(self, row: Row, folder: str) -> None:
        """Take up the city's own templates of letters and notices, where there are any."""
        for name in PAPERWORK:
            self._take_template(row, folder, name.removesuffix(".typ"))

    def _take_template(self, row: Row, folder: str, name: str) -> bool:
        """Whether `<name>.typ` is there; a fault where it cannot be read."""
        if f"{folder}/{name}.typ" in self.files:
            return True
        path = find_file(self.workbook, "templates", f"{name}.typ")
        if path is None:
            return False
        try:
            self.files[f"{folder}/{name}.typ"] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            row.fault("result_template", "template_unreadable", said=name)
        return True

    def check_own_form(self) -> None:
        """The workbook's own form, where no item names it and none misses its form (which is told there)."""
        missing = any(fault.code == "form_missing_or_own" for fault in self.faults.found)
        if self._own_is_unused and not missing:
            sheet = self._named.get("settings", self._named["survey"])
            self.faults.add("form_not_named", sheet, said=self.own_form)

    def _check(self, row: Row, name: str, sources: frozenset[str] | None) -> CheckedForm:
        if name and name == self.own_form:
            if not _NAME.fullmatch(name):
                row.fault("form", "bad_id")
                return CheckedForm()
            reader = _Beside(self.workbook, name)
            return check_form(self.book, self._named, FIRST_DATA_ROW, reader, name, self.faults, sources)
        path = find_file(self.workbook, "forms", f"{name}.xlsx")
        if path is None:
            row.fault("form", "form_missing_or_own" if self._own_is_unused else "form_missing", said=name)
            return CheckedForm()
        return check_file(path, self.workbook, self.faults.of_file(path.name), sources)


@dataclass(frozen=True)
class _Beside:
    """Reads files named by a form: `<form>-media` (as ODK has it), beside the workbook, and its folders."""

    workbook: Path
    form: str

    def __call__(self, name: str) -> bytes:
        """Raises OSError."""
        for folder in (f"forms/{self.form}-media", f"{self.form}-media", "forms", "media", ""):
            path = self.workbook.parent / folder / name
            if path.is_file():
                return path.read_bytes()
        raise FileNotFoundError(name)


def check_file(path: Path, workbook: Path, faults: Faults, sources: frozenset[str] | None = None) -> CheckedForm:
    """Check a form that is a workbook of its own: data from row 2, as XLSForm has it."""
    book = open_book(path, faults)
    if book is None:
        return CheckedForm()
    try:
        named = named_sheets(book, FORM_SHEETS, faults)
        if "survey" not in named:
            faults.add("no_sheet", "survey")
            return CheckedForm()
        reader = _Beside(workbook, path.stem)
        return check_form(book, named, 2, reader, path.stem, faults, sources)
    finally:
        book.close()


def find_file(workbook: Path, folder: str, name: str) -> Path | None:
    """`name` beside the workbook or in its `folder`; never outside them."""
    if "/" in name or "\\" in name or "\0" in name or name.startswith(".") or len(name) > 200:
        return None
    for candidate in (workbook.parent / name, workbook.parent / folder / name):
        if candidate.is_file():
            return candidate
    return None
