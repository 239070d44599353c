"""Every fault a form can have is found, at its cell, alone: no fault drags others along."""

from __future__ import annotations

import ast
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import kiosk.forms
from fleet.catalogue.xlsform.reasons import in_both_languages
from tests.fleet.edited_template import Edit, all_found, at, cell, edited, question, row
from tests.fleet.edited_template import found as found_in

_MANY = range(4_998)
#: code, what is done to the template, the cells that are faulty then (new questions stand in row 20 and below)
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    # columns and sheets
    ("misspelt_column", [cell("survey", "M1", "constrain")], ["survey!M1"]),
    ("misspelt_column", [cell("survey", "D1", "label：：en")], ["survey!D1"]),
    ("misspelt_column", [cell("survey", "D1", "lable::en")], ["survey!D1"]),
    ("misspelt_column", [cell("choices", "A1", "listname")], ["choices!A1"]),
    ("misspelt_column", [cell("settings", "B1", "formid")], ["settings!B1"]),
    ("unknown_form_column", [cell("survey", "V1", "qqqq")], ["survey!V1"]),
    ("bad_filter_column", [cell("choices", "E1", "所在 区")], ["choices!E1"]),
    ("column_twice", [cell("survey", "V1", "hint::zh")], ["survey!V1"]),
    ("column_without_language", [cell("survey", "E1", "hint")], ["survey!E1"]),
    ("no_language_column", [cell("survey", "F1", None)], ["survey!E1"]),
    ("data_in_explanations", [cell("survey", "A2", "text")], ["survey!A2"]),
    ("text_too_long", [cell("survey", "E7", "长" * 4_001)], ["survey!E7"]),
    ("form_too_long", [lambda book: [book["choices"].append(["delivery", f"v{n}", f"{n}", f"{n}"]) for n in _MANY]],
     ["choices!5003"]),
    ("form_not_named", [at("items", "form", 3, None)], ["settings"]),
    ("form_missing_or_own", [cell("settings", "B3", "another")], ["items!Q3"]),
    ("form_missing_or_own", [cell("settings", "B3", None)], ["items!Q3"]),
    # types
    ("no_type", [cell("survey", "A7", None)], ["survey!A7"]),
    ("unknown_type", [cell("survey", "A7", "zzzzzzz")], ["survey!A7"]),
    ("misspelt_type", [cell("survey", "A7", "txet")], ["survey!A7"]),
    ("misspelt_type", [cell("survey", "A10", "单选 card_kind")], ["survey!A10", "choices!A3"]),
    ("misspelt_type", [cell("survey", "A9", "begin_grup")], ["survey!A9"]),
    ("cannot_record", [cell("survey", "A7", "audio")], ["survey!A7"]),
    ("cannot_record", [cell("survey", "A15", "video")], ["survey!A15"]),
    ("select_without_list", [cell("survey", "A11", "select_one")], ["survey!A11", "choices!A5"]),
    ("unclosed_group", [cell("survey", "A13", None)], ["survey!A9"]),
    ("wrong_end", [cell("survey", "A13", "end_repeat")], ["survey!A13"]),
    ("stray_end", [question("more", "end_group")], ["survey!A20"]),
    # names
    ("no_name", [cell("survey", "B7", None)], ["survey!B7"]),
    ("bad_name", [cell("survey", "B7", "my mobile")], ["survey!B7"]),
    ("bad_name", [cell("survey", "B11", "1delivery"), cell("survey", "L12", "${1delivery} = 'post'")], ["survey!B11"]),
    ("reserved_name", [cell("survey", "B7", "meta")], ["survey!B7"]),
    ("name_twice", [cell("survey", "B7", "NAME")], ["survey!B7"]),
    # expressions
    ("full_width", [cell("survey", "L12", "${delivery} ＝ ‘post’")], ["survey!L12"]),
    ("full_width", [cell("survey", "M12", "string-length（.） >= 5")], ["survey!M12"]),
    ("bad_operator", [cell("survey", "L12", "${delivery} == 'post' && ${card_kind} <> 'x'")], ["survey!L12"]),
    ("unknown_reference", [cell("survey", "L12", "${qqqqqq} = 'post'")], ["survey!L12"]),
    ("misspelt_reference", [cell("survey", "L12", "${delivry} = 'post'")], ["survey!L12"]),
    ("misspelt_reference", [cell("survey", "C19", "您留了 ${contact_} 位。")], ["survey!C19"]),
    ("malformed_reference", [cell("survey", "L12", "{delivery} = 'post'")], ["survey!L12"]),
    ("malformed_reference", [cell("survey", "C19", "您留了 $(contacts) 位。")], ["survey!C19"]),
    (
        "ambiguous_reference",
        [question("name"), question("copy", "calculate", calculation="1", relevant="${name} = 'x'")],
        ["survey!L21"],
    ),
    ("last_saved", [cell("survey", "Q7", "${last-saved#mobile}")], ["survey!Q7"]),
    ("unknown_function", [cell("survey", "P18", "blurb(1)")], ["survey!P18"]),
    ("misspelt_function", [cell("survey", "M12", "string_length(.) >= 5")], ["survey!M12"]),
    ("bad_expression", [cell("survey", "M12", "string-length(. >= 5")], ["survey!M12"]),
    ("bad_expression", [cell("survey", "L12", "${delivery} = 'post")], ["survey!L12"]),
    ("bad_expression", [cell("survey", "L12", "${delivery} 'post'")], ["survey!L12"]),
    ("not_yes_no", [cell("survey", "H7", "是")], ["survey!H7"]),
    ("no_calculation", [cell("survey", "P18", None)], ["survey!P18"]),
    ("unknown_source", [cell("survey", "U7", "identity/phone")], ["survey!U7"]),
    ("unknown_situation", [cell("survey", "U7", "situation/nothing")], ["survey!U7"]),
    ("unknown_paper_field", [cell("survey", "U7", "paper/nothing/name")], ["survey!U7"]),
    # what only the engine or pyxform see
    ("form_not_runnable", [cell("survey", "P18", "regex(${contacts}, '[')")], ["survey!P18"]),
    ("form_not_runnable", [cell("survey", "M7", "string-length() > 1 and substr(.) = 1")], ["survey!M7"]),
    (
        "form_not_runnable",
        [question("a", "calculate", calculation="${b} + 1"), question("b", "calculate", calculation="${a} + 1")],
        ["survey!P20"],
    ),
    ("form_not_runnable", [question("where", "geopoint", appearance="printer:org.x(1)")], ["survey!G20"]),
    ("form_broken", [question("much", "range", parameters="start=a end=10 step=1")], ["survey!S20"]),
    # texts
    ("no_label", [cell("survey", "C7", None), cell("survey", "D7", None), cell("survey", "E7", None),
                  cell("survey", "F7", None)], ["survey!C7"]),
    ("no_translation", [cell("survey", "D7", None)], ["survey!D7"]),
    ("no_translation", [cell("survey", "C7", None)], ["survey!C7"]),
    ("no_translation", [cell("survey", "O7", None)], ["survey!O7"]),
    ("no_translation", [cell("choices", "D3", None)], ["choices!D3"]),
    ("unknown_language", [cell("settings", "D3", "fr")], ["settings!D3"]),
    ("one_row", [cell("settings", "A4", "别的表单")], ["settings!B4"]),
    ("no_questions", [lambda book: book["survey"].delete_rows(3, 30)], ["survey", "choices!A3", "choices!A5"]),
    # choices
    ("unknown_list", [cell("survey", "A11", "select_one qqqqq")], ["survey!A11", "choices!A5"]),
    ("misspelt_list", [cell("survey", "A11", "select_one delivry")], ["survey!A11", "choices!A5"]),
    ("unused_list", [row("choices", list_name="more", name=one, label__zh=one, label__en=one) for one in "ab"],
     ["choices!A7"]),
    ("single_choice", [cell("choices", "A6", None), cell("choices", "B6", None), cell("choices", "C6", None),
                       cell("choices", "D6", None)], ["choices!A5"]),
    ("no_list_name", [row("choices", name="x", label__zh="x", label__en="x")], ["choices!A7"]),
    ("bad_list_name", [row("choices", list_name="a b", name="x", label__zh="x", label__en="x")], ["choices!A7"]),
    ("no_choice_value", [cell("choices", "B4", None)], ["choices!B4"]),
    ("choice_value_with_space", [cell("choices", "B4", "no photo")], ["choices!B4"]),
    ("choice_twice", [cell("choices", "B4", "photo")], ["choices!B4"]),
    ("choice_label_twice", [cell("choices", "C4", "印照片的卡")], ["choices!C4"]),
    ("no_choice_label", [cell("choices", "C4", None), cell("choices", "D4", None)], ["choices!C4"]),
    # files
    ("list_file_type", [question("station", "select_one_from_file stations")], ["survey!A20"]),
    ("bad_file_name", [question("station", "select_one_from_file 站点.csv")], ["survey!A20"]),
    ("resource_missing", [question("station", "select_one_from_file stations.csv")], ["survey!A20"]),
    ("resource_missing", [question("where", "calculate", calculation="pulldata('stations', 'a', 'b', ${name})")],
     ["survey!P20"]),
    ("resource_missing", [cell("survey", "V1", "media::image::zh"), cell("survey", "W1", "media::image::en"),
                          cell("survey", "V7", "seal.png"), cell("survey", "W7", "seal.png")], ["survey!V7"]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "edits", "cells"), FAULTS, ids=[f"{one[0]}-{i}" for i, one in enumerate(FAULTS)])
def test_a_fault_stands_at_its_cell_and_alone(tmp_path: Path, code: str, edits: list[Edit], cells: list[str]) -> None:
    found = found_in(edited(tmp_path, *edits))
    assert found.get(cells[0]) == code
    assert set(found) == set(cells)


def test_ten_faults_of_one_form_are_reported_at_once(tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        cell("survey", "A7", "txet"),
        cell("survey", "D10", None),
        cell("survey", "L12", "${delivry} = 'post'"),
        cell("survey", "M12", "string-length（.） >= 5"),
        cell("survey", "B15", "contact name"),
        cell("survey", "P18", "regex(${contacts}, '[')"),
        cell("choices", "B4", "photo"),
        cell("choices", "D6", None),
        cell("materials", "C4", "其他材料"),
        question("a", "calculate", calculation="${a} + 1"),
    )
    assert found_in(path) == {
        "materials!C4": "vague_material",
        "survey!A7": "misspelt_type",
        "survey!D10": "no_translation",
        "survey!L12": "misspelt_reference",
        "survey!M12": "full_width",
        "survey!B15": "bad_name",
        "survey!P18": "form_not_runnable",
        "survey!P20": "form_not_runnable",
        "choices!B4": "choice_twice",
        "choices!D6": "no_translation",
    }


@pytest.mark.parametrize(
    ("edit", "zh", "en"),
    [
        (cell("survey", "A7", "txet"), "是不是 text？", "did you mean text?"),
        (cell("survey", "L12", "${delivry} = 'post'"), "是不是 ${delivery}？", "did you mean ${delivery}?"),
        (cell("survey", "M12", "string-length（.）＞ 5"), "改写成 string-length(.)> 5", "write string-length(.)> 5"),
        (cell("survey", "L12", "${delivery} = 'post"), "引号没有成对", "a quotation mark is not closed"),
        (cell("survey", "P18", "regex(${contacts}, '[')"), "模式“[”写得不对", "the pattern “[” cannot be used"),
        (question("a", "calculate", calculation="${a} + 1"), "用到了这道题自己的答案", "its own answer: a circle"),
        (question("a", "range", parameters="start=a end=9 step=1"), "参数 start 要写一个数", "must be a number"),
        (cell("survey", "P18", "substr(1)"), "substr() 要 2 到 3 个参数，写了 1 个", "substr() takes 2 to 3, not 1"),
    ],
)
def test_a_fault_says_what_to_write_in_both_languages(tmp_path: Path, edit: Edit, zh: str, en: str) -> None:
    (fault,) = all_found(edited(tmp_path, edit))
    assert zh in fault.message("zh")
    assert en in fault.message("en")


def test_every_message_of_a_form_is_in_this_table() -> None:
    told = files("fleet.words").joinpath("faults.toml").read_text("utf-8")
    of_forms = set(tomllib.loads(told[told.index("# Forms (XLSForm)") :]))
    elsewhere = {"resource_too_large", "csv_encoding", "csv_empty", "csv_column"}  # test_form_resources.py
    assert of_forms - {code for code, _, _ in FAULTS} == elsewhere


#: what no workbook brings about: pyxform never writes such a form, or it is said of saved answers
_NOT_BY_OPERATORS = {
    "the saved answers belong to 7 7",
    "this is no saved form",
    "two binds stand at one question",
    "the file is no XForm: model or body is missing",
    "a form may not declare a document type",
    "the form has no main instance",
    "7 is missing at character 7; 7",  # what stands there instead is said, so the number fits no pattern
}


def _said_by_the_engine() -> list[str]:
    """Every message of the engine's sources, 7 standing for the values in it."""
    said = []
    for file in Path(next(iter(kiosk.forms.__path__))).rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args):
                continue
            if call.func.id in ("FormError", "ExpressionError"):
                message = call.args[0]
                parts = message.values if isinstance(message, ast.JoinedStr) else [message]
                texts = [str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts]
                said += ["".join(texts)] if set(texts) != {"7"} else []
    return sorted(set(said))


@pytest.mark.parametrize("said", _said_by_the_engine())
def test_what_the_engine_says_is_said_in_chinese(said: str) -> None:
    zh, en = in_both_languages(said)
    assert (zh == en) == (said in _NOT_BY_OPERATORS), "give it Chinese in fleet/words/reasons.toml"
