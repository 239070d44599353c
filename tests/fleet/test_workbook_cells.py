"""What is wrong with sheets and cells whatever they mean: each fault and notice at its place."""

from __future__ import annotations

import tomllib
import zipfile
from datetime import date, time
from importlib.resources import files
from pathlib import Path

import pytest

from fleet.catalogue.checking import check
from tests.fleet.edited_template import Edit, cell, edited
from tests.fleet.edited_template import found as found_in


def _rename(sheet: str, name: str) -> Edit:
    def edit(book: object) -> None:
        book[sheet].title = name  # type: ignore[index]

    return edit


#: code, what is done to the template, the cells that are faulty then
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    ("misspelt_sheet", [_rename("materials", "Material")], ["Material"]),
    ("misspelt_sheet", [_rename("choices", "选项choices")], ["选项choices"]),
    ("misspelt_sheet", [_rename("survey", "servey")], ["servey"]),
    ("unknown_sheet", [lambda book: book.create_sheet("草稿")], ["草稿"]),
    ("no_sheet", [lambda book: book.remove(book["commitments"])], ["commitments", "items!X3"]),
    ("misspelt_column", [cell("materials", "C1", "name_ch")], ["materials!C1"]),
    ("misspelt_column", [cell("items", "C1", "事项名称")], ["items!C1"]),
    ("column_twice", [cell("city", "D1", "division")], ["city!D1"]),
    ("merged", [lambda book: book["materials"].merge_cells("C3:C4")], ["materials!C3", "materials!C4"]),
    ("error_value", [cell("materials", "C3", "#REF!")], ["materials!C3"]),
    ("formula_without_value", [cell("materials", "C3", '=CONCATENATE("身份","证")')], ["materials!C3"]),
    ("date_cell", [cell("items", "AH3", date(2026, 11, 28))], ["items!AH3"]),
    ("date_cell", [cell("survey", "Q7", time(9, 30))], ["survey!Q7"]),
    ("long_number", [cell("themes", "A3", 1234567890123456789)], ["themes!A3", "items!K3"]),
    ("control_character", [cell("materials", "J3", "平放_x000B_好")], ["materials!J3"]),
    ("spaces", [cell("materials", "C3", "居民身份证 ")], ["materials!C3"]),
    ("spaces", [cell("survey", "B7", "\u3000mobile\u200b")], ["survey!B7"]),
    ("no_english", [cell("materials", "D3", None)], ["materials!D3"]),
    ("no_chinese", [cell("materials", "J3", None)], ["materials!J3"]),
    ("sheet_too_wide", [cell("materials", "XFD3", "x")], ["materials!XFD3"]),
    ("sheet_too_long", [cell("materials", "A1048576", "x")], ["materials!A1048576"]),
    ("bad_id", [cell("items", "Q3", "../x"), cell("settings", "B3", "../x")], ["items!Q3"]),
]


@pytest.mark.parametrize(("code", "edits", "cells"), FAULTS, ids=[f"{one[0]}-{i}" for i, one in enumerate(FAULTS)])
def test_a_fault_stands_at_its_cell(tmp_path: Path, code: str, edits: list[Edit], cells: list[str]) -> None:
    found = found_in(edited(tmp_path, *edits))
    assert found.get(cells[0]) == code, found
    assert set(found) == set(cells)


def test_a_cell_longer_than_a_cell_can_be_is_refused(tmp_path: Path) -> None:
    path = edited(tmp_path, cell("materials", "J3", "@@@"))
    _replace(path, b"@@@", b"x" * 40_000)
    assert found_in(path)["materials!J3"] == "cell_too_long"


def test_a_template_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "card.typ").write_bytes(b"\xff\xfe\x00")
    path = edited(
        tmp_path,
        cell("items", "R3", "乘车卡"),
        cell("items", "S3", "Card"),
        cell("items", "T3", "card"),
        cell("items", "U3", "CK"),
    )
    assert found_in(path) == {"items!T3": "template_unreadable"}


def test_operators_may_keep_columns_of_their_own(tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        cell("materials", "Z1", "备注：问过民政局"),
        cell("materials", "Z3", "好"),
        cell("survey", "V1", "备注"),
    )
    assert found_in(path) == {}


def test_a_notice_does_not_stop_an_import(tmp_path: Path) -> None:
    path = edited(tmp_path, cell("materials", "D3", None))
    faults, notices = check(path)
    assert faults == []
    assert [one.as_json()["level"] for one in notices] == ["notice"]
    assert notices[0].line("zh").startswith("materials!D3 name_en: 提示：")


def test_a_number_an_operator_typed_reads_as_it_stands(tmp_path: Path) -> None:
    path = edited(tmp_path, cell("city", "C3", 370299), cell("items", "L3", 5.0), cell("settings", "C3", 2026112802))
    assert found_in(path) == {}


def test_every_message_has_both_languages_and_a_test() -> None:
    words = tomllib.loads(files("fleet.words").joinpath("faults.toml").read_text("utf-8"))
    assert all(set(message) <= {"zh", "en", "level"} and message["zh"] and message["en"] for message in words.values())
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    # "not_accepted" is the net under the other rules: what it would catch is caught by one of them today
    assert [code for code in words if f'"{code}"' not in tests] == []


def _replace(path: Path, old: bytes, new: bytes) -> None:
    """Change the bytes of a saved workbook's parts."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).replace(old, new) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
