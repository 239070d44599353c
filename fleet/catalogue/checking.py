"""Checking whatever an operator hands in: a city's workbook, a zip around it, or the workbook of one form."""

from __future__ import annotations

from pathlib import Path

from fleet.catalogue.archive import is_zip_of_files
from fleet.catalogue.book import open_book
from fleet.catalogue.columns import SHEETS
from fleet.catalogue.faults import Fault, Faults
from fleet.catalogue.forms import check_file
from fleet.catalogue.importer import import_workbook


def check(path: Path) -> tuple[list[Fault], list[Fault]]:
    """Faults and notices of the file at `path`."""
    if not is_zip_of_files(path) and _is_form(path):
        faults = Faults()
        check_file(path, path, faults)
        return faults.blocking, faults.notices
    outcome = import_workbook(path)
    return outcome.faults, outcome.notices


def _is_form(path: Path) -> bool:
    """A survey, and none of a city's sheets."""
    book = open_book(path, Faults())
    if book is None:
        return False
    names = {name.strip().lower() for name in book.names}
    book.close()
    return "survey" in names and not names.intersection(SHEETS)
