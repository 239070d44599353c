"""The files a form names (lists, pictures, sounds): each is there, small enough and of a name that travels."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator

from fleet.catalogue.archive import RESOURCE_LIMIT
from fleet.catalogue.xlsform.columns import FROM_FILE
from fleet.catalogue.xlsform.conversion import FormSheets
from fleet.catalogue.xlsform.sheets import FormRow
from fleet.catalogue.xlsform.survey import Survey

#: files of one form
MOST = 200
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_PULLDATA = re.compile(r"pulldata\s*\(\s*(?:'([^']+)'|\"([^\"]+)\")\s*(?:,\s*(?:'([^']*)'|\"([^\"]*)\"))?")
_MEDIA = ("image", "big-image", "audio", "video")
_LISTS = (".csv", ".xml", ".geojson")


def check_resources(sheets: FormSheets, survey: Survey, read_file: Callable[[str], bytes]) -> dict[str, bytes]:
    """The content of every file the form names, by name; whatever is wrong with one is a fault where it is named."""
    found: dict[str, bytes] = {}
    refused: set[str] = set()
    for row, base, language, name in _named(sheets, survey):
        if name in found or (name in refused and base not in ("type", "name")):
            continue
        content = _read(row, base, language, name, read_file)
        if content is not None and len(found) < MOST:
            found[name] = content
            continue
        refused.add(name)
        if base == "type":
            row.mend("type", "text")
            for dropped in ("choice_filter", "parameters"):
                row.mend(dropped, "")
        elif base == "name":
            row.mend("type", "hidden")
        elif base == "calculation":
            row.mend("calculation", "0")
        else:
            row.mend(base, "")
    return found


def _named(sheets: FormSheets, survey: Survey) -> Iterator[tuple[FormRow, str, str, str]]:
    """Row, column, language and file name of each mention."""
    for row, kind in survey.types.items():
        if kind.name in FROM_FILE:
            if not kind.source.lower().endswith(_LISTS):
                row.fault("list_file_type", "type", said=kind.source)
                row.mend("type", "text")
            else:
                yield row, "type", "", kind.source
        if kind.name in ("csv-external", "xml-external") and row.get("name"):
            yield row, "name", "", f"{row.get('name')}.{kind.name[:3]}"
        for base in ("calculation", "relevant", "constraint", "default", "choice_filter"):
            for found in _PULLDATA.finditer(row.get(base)):
                name = (found.group(1) or found.group(2)).removesuffix(".csv")
                yield row, base, "", f"{name}.csv"
    for sheet in (sheets.survey, sheets.choices):
        for row in sheet.rows:
            for base in _MEDIA:
                for column, name in row.texts(base):
                    if not name.startswith(("jr://", "${")):
                        yield row, base, column.language, name


def _read(row: FormRow, base: str, language: str, name: str, read_file: Callable[[str], bytes]) -> bytes | None:
    if not _NAME.fullmatch(name):
        row.fault("bad_file_name", base, language, said=name)
        return None
    try:
        content = read_file(name)
    except (OSError, KeyError):
        row.fault("resource_missing", base, language, said=name)
        return None
    if len(content) > RESOURCE_LIMIT:
        row.fault("resource_too_large", base, language, said=name, most=str(RESOURCE_LIMIT // 1_000_000))
        return None
    return content if not name.lower().endswith(".csv") or _is_list(row, base, name, content) else None


def _is_list(row: FormRow, base: str, name: str, content: bytes) -> bool:
    """Whether a CSV file can be read, and has the columns a select needs."""
    text = ""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        row.fault("csv_encoding", base, said=name)
        return False
    try:
        headers = [header.strip() for header in next(csv.reader(io.StringIO(text)), [])]
    except csv.Error:
        headers = []
    if not any(headers) or "\0" in text:
        row.fault("csv_empty", base, said=name)
        return False
    if base != "type":
        return True
    parameters = dict(part.partition("=")[::2] for part in row.get("parameters").split())
    for needed in (parameters.get("value", "name"), parameters.get("label", "label")):
        if needed not in headers:
            row.fault("csv_column", base, said=name, column_needed=needed, allowed=" ".join(headers)[:200])
            return False
    return True
