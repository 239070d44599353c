"""The import of a workbook: everything is checked; with one fault nothing is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from stdnum.cn import uscc

from contract.items import Theme
from contract.terminals import SiteRules, TerminalProfile
from fleet.catalogue.archive import is_zip_of_files, unpack
from fleet.catalogue.book import Book, open_book
from fleet.catalogue.catalogue import Catalogue, Department
from fleet.catalogue.faults import Fault, Faults
from fleet.catalogue.forms import Attachments
from fleet.catalogue.item_codes import ItemCodes, read_codes
from fleet.catalogue.items import read_items
from fleet.catalogue.workbook import YES_NO, Row, read_workbook

#: In `offline_opens`: every item of the city.
EVERY_ITEM = {"全部": "*", "*": "*"}
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


#: without these hardly a cell could be right
_NEEDED = ("city", "themes", "departments", "items")


@dataclass(frozen=True)
class ImportOutcome:
    """A catalogue with the files its forms name (by target path), or the faults for which there is none; notices."""

    catalogue: Catalogue | None
    faults: list[Fault]
    notices: list[Fault] = field(default_factory=list)
    resources: dict[str, bytes] = field(default_factory=dict)


def import_workbook(path: Path) -> ImportOutcome:
    """Read and check the workbook at `path` with its forms, their files and templates; or a zip of all of them."""
    faults = Faults()
    if not is_zip_of_files(path):
        return _import(path, faults)
    with TemporaryDirectory(prefix="bianmin-import-") as folder:
        refused = unpack(path, Path(folder))
        workbook = None if refused else _workbook_in(Path(folder))
        if workbook is None:
            faults.add(refused or "zip_without_workbook")
            return ImportOutcome(None, faults.blocking)
        return _import(workbook, faults)


def _workbook_in(folder: Path) -> Path | None:
    """The workbook of items in an unfolded zip: `city.xlsx`, or the only .xlsx of the highest folder that has one."""
    found = sorted(folder.rglob("*.xlsx"), key=lambda path: (len(path.parts), path.name != "city.xlsx", path.name))
    highest = [path for path in found if len(path.parts) == len(found[0].parts)]
    return highest[0] if len(highest) == 1 or (highest and highest[0].name == "city.xlsx") else None


def _import(path: Path, faults: Faults) -> ImportOutcome:
    book = open_book(path, faults)
    if book is None:
        return ImportOutcome(None, faults.blocking)
    try:
        return _read(book, Attachments(path, book, faults), faults)
    finally:
        book.close()


def _read(book: Book, attached: Attachments, faults: Faults) -> ImportOutcome:
    rows = read_workbook(book, faults)
    missing = {fault.sheet for fault in faults.found if fault.code == "no_sheet"}
    if missing.intersection(_NEEDED):
        return ImportOutcome(None, faults.blocking, faults.notices)
    city = _city(rows["city"], faults)
    themes = [_theme(row) for row in _unique(rows["themes"], "id")]
    departments = {row.optional("dept_code"): _department(row) for row in _unique(rows["departments"], "dept_code")}
    codes = read_codes(rows["items"])
    terminals = [_terminal(row, codes) for row in _unique(rows["terminals"], "terminal_id")]
    for sheet in ("themes", "departments", "items", "terminals"):
        if not rows[sheet] and sheet not in missing:
            faults.add("no_rows", sheet)
    items = read_items(rows, codes, {theme.id for theme in themes}, departments, attached)
    if len(faults) or city is None:
        return ImportOutcome(None, faults.blocking, faults.notices)
    catalogue = Catalogue(
        city=city.words("name"),
        division=city.optional("division"),
        themes=themes,
        departments=list(departments.values()),
        items=items,
        terminals=terminals,
        files=attached.files,
        resources={target: sha256(content).hexdigest() for target, content in attached.resources.items()},
    )
    return ImportOutcome(catalogue, [], faults.notices, attached.resources)


def _unique(rows: list[Row], column: str) -> list[Row]:
    seen, unique = set[str](), []
    for row in rows:
        key = row.text(column)
        if key and key in seen:
            row.fault(column, "twice")
        elif key:
            seen.add(key)
            unique.append(row)
    return unique


def _city(rows: list[Row], faults: Faults) -> Row | None:
    if not rows:
        faults.add("no_rows", "city")
        return None
    if len(rows) > 1:
        rows[1].fault("name_zh", "one_row")
    rows[0].words("name")
    _division(rows[0])
    return rows[0]


def _division(row: Row) -> str:
    division = row.text("division")
    if division and not re.fullmatch(r"\d{6}", division):
        row.fault("division", "bad_division")
    return division


def _theme(row: Row) -> Theme:
    return Theme(id=row.optional("id"), name=row.words("name"), icon=row.text("icon"))


def _department(row: Row) -> Department:
    code = row.optional("dept_code")
    if not uscc.is_valid(code) or len(code) != 18:
        row.fault("dept_code", "bad_uscc")
    return Department(code=code, name=row.words("name"))


def _terminal(row: Row, codes: ItemCodes) -> TerminalProfile:
    terminal_id = row.optional("terminal_id")
    if not _ID.fullmatch(terminal_id):
        row.fault("terminal_id", "bad_id")
    return TerminalProfile(
        terminal_id=terminal_id,
        label=row.text("label"),
        hall=row.words("hall"),
        place=row.text("place"),
        division=_division(row),
        phone=row.text("phone"),
        site=SiteRules(
            card_stays=row.one_of_or("card_stays", YES_NO, False),
            face_at_login=row.one_of_or("face_at_login", YES_NO, False),
            offline_opens=_offline_opens(row, codes),
            saved_days=row.whole_number("saved_days", default=SiteRules().saved_days),
        ),
    )


def _offline_opens(row: Row, codes: ItemCodes) -> list[str]:
    opened = [EVERY_ITEM.get(part, part) for part in row.parts("offline_opens")]
    for part in opened:
        if part not in EVERY_ITEM.values() and not codes.may_be(part):
            row.fault("offline_opens", "unknown_offline_item", said=part)
    return opened
