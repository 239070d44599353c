"""Files made to harm, or by accident: refused with a reason, in bounded time and memory, never with a traceback."""

from __future__ import annotations

import io
import json
import random
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.catalogue.checking import check
from fleet.template.workbook import write_template

#: what one check may take: generous beside what it does (1 s, 150 MB), far below what would hurt a platform
MEMORY, SECONDS = 1_500_000_000, 60

Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet7.xml"  # materials


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(path)
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def zipped(parts: Parts) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return packed.getvalue()


def in_sheet(parts: Parts, rows: bytes) -> bytes:
    """The template with `rows` at the end of the materials."""
    return zipped({**parts, SHEET: parts[SHEET].replace(b"</sheetData>", rows + b"</sheetData>")})


def _with(name: str, content: bytes) -> Callable[[Parts], bytes]:
    return lambda parts: zipped({**parts, name: content})


def _entity(parts: Parts) -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return zipped({**parts, SHEET: bomb + parts[SHEET]})


def _utf16(parts: Parts) -> bytes:
    return zipped({**parts, SHEET: parts[SHEET].decode().encode("utf-16")})


def _document(parts: Parts) -> bytes:
    return zipped({"[Content_Types].xml": parts["[Content_Types].xml"], "word/document.xml": b"<w/>"})


HOSTILE: list[tuple[str, Callable[[Parts], bytes], str]] = [
    ("nothing", lambda parts: b"", "no_workbook"),
    ("noise", lambda parts: random.Random(1).randbytes(100_000), "no_workbook"),
    ("half a file", lambda parts: zipped(parts)[:12_000], "no_workbook"),
    ("old .xls", lambda parts: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5_000), "old_workbook"),
    ("renamed .docx", _document, "not_spreadsheet"),
    ("macro", _with("xl/vbaProject.bin", b"\0"), "macro_workbook"),
    ("zip bomb", _with(SHEET, b" " * 300_000_000), "workbook_too_large"),
    ("styles of 20 MB", _with("xl/styles.xml", b"<a/>" * 5_000_000), "workbook_too_large"),
    ("2,000 parts", lambda parts: zipped({**parts, **{f"a{n}.xml": b"" for n in range(2_000)}}), "workbook_too_large"),
    ("1,000,000 empty rows", lambda parts: in_sheet(parts, b"<row/>" * 1_000_000), "too_many_rows"),
    ("2,000,000 empty cells", lambda parts: in_sheet(parts, b'<row r="9">' + b'<c s="1"/>' * 2_000_000 + b"</row>"),
     "too_many_rows"),
    ("entity bomb", _entity, "no_workbook"),
    ("UTF-16 to hide an entity", _utf16, "no_workbook"),
    ("broken XML in a sheet", _with(SHEET, b"<worksheet><sheetData><row>"), "no_workbook"),
    ("broken workbook.xml", _with("xl/workbook.xml", b"<workbook"), "no_workbook"),
    ("no sheets", _with("xl/workbook.xml", b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'),
     "no_sheet"),
    ("merged everything", lambda parts: zipped({**parts, SHEET: parts[SHEET].replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')}), "merged"),
    ("a cell in the last corner", lambda parts: in_sheet(
        parts, b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'), "sheet_too_long"),
    ("a row number without end", lambda parts: in_sheet(
        parts, b'<row r="99999999999"><c r="A9" t="inlineStr"><is><t>x</t></is></c></row>'), ""),
    ("a column without end", lambda parts: in_sheet(
        parts, b'<row r="9"><c r="ZZZZZZZ9" t="inlineStr"><is><t>x</t></is></c></row>'), "sheet_broken"),
    ("XML within XML", lambda parts: in_sheet(parts, b"<row>" + b"<c>" * 100_000 + b"</c>" * 100_000 + b"</row>"), ""),
    ("a text of 20 MB", _with("xl/sharedStrings.xml", b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
     + b"<si><t>" + b"x" * 20_000_000 + b"</t></si></sst>"), ""),
    ("a text that is not there", lambda parts: in_sheet(parts, b'<row r="9"><c r="A9" t="s"><v>999999</v></c></row>'),
     "sheet_broken"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code"), [one[1:] for one in HOSTILE], ids=[one[0] for one in HOSTILE])
def test_a_hostile_file_is_refused_in_bounded_time_and_memory(
    tmp_path: Path, template: Parts, make: Callable[[Parts], bytes], code: str
) -> None:
    path = tmp_path / "city.xlsx"
    path.write_bytes(make(template))
    ended = subprocess.run(
        [sys.executable, "-m", "fleet", "check", str(path), "--json"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert ended.stderr == ""
    codes = [fault["code"] for fault in json.loads(ended.stdout)["faults"]]
    assert ended.returncode == (1 if codes else 0)
    assert code in codes if code else True


def test_bytes_changed_anywhere_never_make_a_traceback(tmp_path: Path, template: Parts) -> None:
    path, chance = tmp_path / "city.xlsx", random.Random(20261128)
    for _ in range(60):
        name = chance.choice(sorted(template))
        content = bytearray(template[name])
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.choice(b"<>&\"'/\0 0A9")
        path.write_bytes(zipped({**template, name: bytes(content)}))
        faults, notices = check(path)
        assert all(one.message("zh") and one.message("en") for one in [*faults, *notices])


ODD = (
    "", " ", "${", "${}", "${a", "}}", "(((((", ")", "' or 1", '"', "1 div 0", "//*", "/data/x", "..", "@a", "$x",
    "<b>&amp;", "\u202e反", "𠮷", "a" * 3_000, "(" * 500, "select_one", "select_one ${name}", "begin_repeat",
    "end_group", "../../etc", "pulldata('../x','a','b','c')", "jr://file/x", "regex(., '(a+)+$')", "{0}", "{said}",
    "%s", "=1+1", "once(", "１２３", "instance('x')/root/item[name = 'a']", "[" * 50, "bind::", "::", "label::",
    "media::image", "data", "meta", "yes", "是",
)  # fmt: skip


def test_odd_texts_in_any_cell_never_make_a_traceback(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path, chance = tmp_path / "template.xlsx", random.Random(5)
    write_template(path)
    original = path.read_bytes()
    for _ in range(40):
        book = load_workbook(io.BytesIO(original))
        for _ in range(chance.randint(1, 6)):
            sheet = book[chance.choice(("items", "situations", "materials", "survey", "survey", "choices", "settings"))]
            place = sheet.cell(chance.randint(1, 21), chance.randint(1, sheet.max_column))
            place.value, place.data_type = chance.choice(ODD), "s"
        book.save(path)
        faults, notices = check(path)
        assert all(one.message("zh") and one.message("en") and one.cell for one in [*faults, *notices])


def test_faults_without_end_are_cut_off(tmp_path: Path, template: Parts) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="B%d" t="inlineStr"><is><t>x</t></is></c></row>' % (n, n) for n in range(9, 30_000)
    )
    path = tmp_path / "city.xlsx"
    path.write_bytes(in_sheet(template, rows))
    faults, _ = check(path)
    assert len(faults) <= 2_001
    assert faults[-1].code == "more_faults"


LONG = (
    "${name} " * 4_000, "${ " * 10_000, "{name} " * 4_000, "（" * 10_000, "(" * 10_000, "1+" * 9_000 + "1", "'" * 9_999,
    "concat(" * 2_000 + "1" + ")" * 2_000, "a" * 32_000, "$" * 30_000, "pulldata(" * 3_000, "x::" * 9_000,
    "select_one " * 2_000, "${ " + " " * 20_000, "a" * 3_990, "${name}" * 500, "a-" * 1_900, "{ " * 1_900, "$ " * 1_900,
)  # fmt: skip


@pytest.mark.parametrize("text", LONG, ids=[f"{text[:8]} x {len(text)}" for text in LONG])
def test_a_cell_full_of_anything_takes_no_time(tmp_path: Path, text: str) -> None:
    """In every column of the form at once; the limit is pytest's own."""
    from openpyxl import load_workbook

    path = tmp_path / "template.xlsx"
    write_template(path)
    book = load_workbook(path)
    for sheet, row in (("survey", 12), ("choices", 4), ("materials", 4)):
        for one in book[sheet][row]:
            one.value, one.data_type = text, "s"
    book.save(path)
    faults, _ = check(path)
    assert faults
