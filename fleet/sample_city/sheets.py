"""Writing workbooks whose bytes depend on their content alone, so that git sees only real changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

_WRITTEN = datetime(2026, 11, 21)
_HEADING = PatternFill("solid", fgColor="E3F0F5")
_EXPLAINED = PatternFill("solid", fgColor="EEF2F5")

Cell = str | int


def add_sheet(
    book: Workbook,
    name: str,
    headers: Sequence[str],
    rows: Iterable[Mapping[str, Cell]],
    explanations: Sequence[str] = (),
) -> None:
    """Append a sheet: headers, an optional row of explanations, then the rows, whose keys must be headers.

    Raises KeyError for a row that names a column the sheet does not have.
    """
    if book.sheetnames == ["Sheet"]:
        book.remove(book["Sheet"])
    sheet = book.create_sheet(name)
    sheet.append(list(headers))
    if explanations:
        sheet.append(list(explanations))
    for row in rows:
        if unknown := set(row) - set(headers):
            raise KeyError(f"{name}: no column {sorted(unknown)}")
        values = [row.get(header, "") for header in headers]
        sheet.append([None if value == "" else value for value in values])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), _HEADING
    if explanations:
        for cell in sheet[2]:
            cell.fill, cell.alignment = _EXPLAINED, Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A3" if explanations else "A2"
    for index in range(1, len(headers) + 1):
        longest = max(len(str(cell.value or "")) for cell in sheet[get_column_letter(index)])
        sheet.column_dimensions[get_column_letter(index)].width = min(max(longest * 1.3, 10), 48)


def save(book: Workbook, target: Path) -> None:
    """Write `book`; the same content gives the same bytes on every day."""
    book.properties.created = book.properties.modified = _WRITTEN
    book.properties.creator = "fleet.sample_city"
    raw = io.BytesIO()
    book.save(raw)
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(raw) as written, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as stable:
        for entry in written.infolist():
            data = written.read(entry)
            if entry.filename == "docProps/core.xml":
                data = _without_save_time(data)
            stable.writestr(zipfile.ZipInfo(entry.filename, _WRITTEN.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)


def _without_save_time(core: bytes) -> bytes:
    """openpyxl stamps the moment of saving into `modified`, whatever the properties say."""
    head, _, rest = core.partition(b"<dcterms:modified")
    stamp, _, tail = rest.partition(b"</dcterms:modified>")
    opening = stamp.partition(b">")[0]
    moment = _WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return head + b"<dcterms:modified" + opening + b">" + moment + b"</dcterms:modified>" + tail
