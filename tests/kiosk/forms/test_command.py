"""`python -m kiosk.forms`, and the two forms of the sample city, walked to their ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import ANY

import pytest
from lxml import etree
from openpyxl import Workbook
from pyxform.xls2xform import convert

from kiosk.forms import Form, FormSession, Question
from kiosk.forms.__main__ import main
from tests.kiosk.forms.conftest import XForm

ROOT = Path(__file__).parents[3]
FORMS = ROOT / "fleet" / "sample_city" / "forms"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(one) for one in arguments])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def small(tmp_path: Path, xform: XForm) -> Path:
    path = tmp_path / "small.xml"
    rows = (
        {"q": "integer age", "constraint": ". >= 60", "constraint_message": "60 起"},
        {"q": "text name", "required": "yes"},
    )
    path.write_bytes(xform(*rows))
    return path


def answers(folder: Path, content: object) -> Path:
    path = folder / "answers.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_check_counts_pages_and_questions(command: Command, small: Path) -> None:
    assert command("check", small) == (0, "test 1: 2 pages at first, 2 questions\n", "")


@pytest.mark.parametrize("name", ["elderly_card", "flexible_employment"])
def test_check_takes_the_workbooks_of_the_sample_city(command: Command, name: str) -> None:
    code, said, _ = command("check", FORMS / f"{name}.xlsx")
    assert code == 0 and said.startswith(f"{name} ")


@pytest.mark.parametrize(("name", "content"), [("a.xml", b"<a/>"), ("a.xml", b""), ("a.xlsx", b"no workbook")])
def test_check_says_why_a_form_cannot_be_run(command: Command, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    code, said, errors = command("check", tmp_path / name)
    assert code == 1 and said == "" and len(errors) > 10 and "Traceback" not in errors


def workbook(path: Path, *rows: tuple[str, ...]) -> Path:
    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    for row in (("type", "name", "label", "constraint", "relevant", "calculation"), *rows):
        survey.append(row)
    choices = book.create_sheet("choices")
    for choice in (("list_name", "name", "label"), ("l", "a", "A"), ("l", "b", "B")):
        choices.append(choice)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        (("integer", "age", "A", ". > todya()"), "survey!D3", "did you mean today"),
        (("text", "age", "A", "", "(1 = 1"), "survey!E3", ") is missing"),
        (("calculate", "age", "", "", "", "pulldata('x')"), "survey!F3", "takes 4"),
        (("start-geopoint", "age", "A"), "survey!B3", "setgeopoint"),
    ],
)
def test_check_names_the_cell_of_a_workbook(
    command: Command, tmp_path: Path, row: tuple[str, ...], cell: str, said: str
) -> None:
    path = workbook(tmp_path / "wrong.xlsx", ("text", "first", "F"), row)
    code, out, errors = command("check", path)
    assert (code, out) == (1, "") and errors.startswith(f"{cell}: ") and said in errors


def test_a_list_beside_the_workbook_is_read(command: Command, tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("name,label\na,甲镇\n", "utf-8")
    path = workbook(tmp_path / "good.xlsx", ("select_one_from_file towns.csv", "town", "T"))
    given = answers(tmp_path, {"/data/town": "a"})
    assert command("check", path)[0] == 0
    code, said, _ = command("run", path, "--answers", given, "--json")
    assert code == 0 and json.loads(said)["values"]["/data/town"] == "a"


def test_run_adds_and_takes_away_instances(command: Command, tmp_path: Path, xform: XForm) -> None:
    path = tmp_path / "repeat.xml"
    path.write_bytes(xform({"q": "begin_repeat r", "label": "R"}, {"q": "text a"}, {"q": "end_repeat"}))
    given = [["/data/r", "+"], ["/data/r[2]/a", "x"], ["/data/r[1]", "-"], ["/data/nowhere", "+"]]
    code, said, _ = command("run", path, "--answers", answers(tmp_path, given), "--json")
    result = json.loads(said)
    assert code == 1 and [one["accepted"] for one in result["answers"]] == [True, True, True, False]
    assert result["values"]["/data/r[1]/a"] == "x" and "/data/r[2]/a" not in result["values"]


def test_run_gives_the_finished_instance_as_json(command: Command, small: Path, tmp_path: Path) -> None:
    code, said, _ = command(
        "run", small, "--answers", answers(tmp_path, {"/data/age": "70", "/data/name": "王"}), "--json"
    )
    result = json.loads(said)
    assert code == 0 and said.count("\n") == 1
    assert [one["accepted"] for one in result["answers"]] == [True, True]
    assert etree.fromstring(result["instance"].encode()).findtext("name") == "王"


def test_run_exits_1_and_says_which_answer_was_refused(command: Command, small: Path, tmp_path: Path) -> None:
    code, said, _ = command("run", small, "--answers", answers(tmp_path, {"/data/age": "5"}), "--json")
    result = json.loads(said)
    assert code == 1
    assert result["answers"] == [{"path": "/data/age", "accepted": False, "error": "60 起"}]
    assert result["incomplete"] == {"/data/name": ""} and "instance" not in result
    assert result["values"] == {"/data/age": "", "/data/name": "", "/data/meta/instanceID": ANY}


def test_an_answer_to_no_question_is_refused_like_any_other(command: Command, small: Path, tmp_path: Path) -> None:
    code, said, _ = command("run", small, "--answers", answers(tmp_path, [["/data/nowhere", "x"], ["/data/age", "70"]]))
    given = json.loads(said)["answers"]
    assert code == 1 and [one["accepted"] for one in given] == [False, True]
    assert "no question" in given[0]["error"]


@pytest.mark.parametrize("content", ["no json", [1], {"/data/age": 70}, [["/data/age"]]])
def test_run_exits_1_for_answers_that_are_none(command: Command, small: Path, tmp_path: Path, content: object) -> None:
    code, said, errors = command("run", small, "--answers", answers(tmp_path, content))
    assert code == 1 and said == "" and errors != ""


@pytest.mark.parametrize(
    "arguments", [[], ["check"], ["walk", "x"], ["check", "/nowhere.xml"], ["run", "/nowhere.xml"]]
)
def test_wrong_use_exits_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


def test_it_runs_as_a_program(small: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.forms", "check", str(small)], cwd=ROOT, capture_output=True, timeout=30
    )
    assert (done.returncode, done.stdout) == (0, b"test 1: 2 pages at first, 2 questions\n")


# the sample city


def sample(name: str) -> Form:
    return Form.load(convert(str(FORMS / f"{name}.xlsx"), warnings=[]).xform.encode())


IDENTITY = {
    "identity/name": "王示例", "identity/number": "37029919550318002X", "identity/birth": "1955-03-18",
    "identity/sex": "女",    "identity/address": "海湾市测试路一百号", "identity/mobile": "13800000000",
}  # fmt: skip
TYPED = {
    "senior_name": "李样本", "senior_number": "370299194506070018", "senior_birth": "1945-06-07",
    "address": "海湾市新路8号",
    "permit": "370299194506070018", "arrived": "2020-05-01", "base": "5000",
}  # fmt: skip


def walk(session: FormSession) -> list[str]:
    """Answer every page as a citizen would, and go to the end; the pages seen."""

    def reply(question: Question) -> str:
        if question.choices:
            return question.choices[0].value
        return "OK" if question.kind == "acknowledge" else TYPED[question.path.rpartition("/")[2]]

    seen = []
    while page := session.page:
        seen.append(page.path.rpartition("/")[2])
        for question in page.questions:
            if not question.value and not question.readonly and question.kind != "note":
                assert session.answer(question.path, reply(question)) is None, question.path
        assert session.problems() == {}
        session.forward()
        assert len(seen) < 20
    return seen


def test_an_old_man_applies_for_his_own_card() -> None:
    session = sample("elderly_card").start("zh", IDENTITY | {"situation/applicant": "self"})
    assert walk(session) == ["person", "uses", "delivery_page"]
    shown = {row[1]: row[3] for row in session.finish().answers}
    assert (shown["姓名"], shown["用在"], shown["拿卡的办法"]) == ("王示例", "坐公交", "我到大厅拿")


def test_a_daughter_applies_for_her_father() -> None:
    session = sample("elderly_card").start("en", IDENTITY | {"situation/applicant": "family"})
    assert walk(session) == ["person", "senior", "uses", "delivery_page"]
    shown = {row[1]: row[3] for row in session.finish().answers}
    assert (shown["Relative's name"], shown["You are their"]) == ("李样本", "Son or daughter")
    assert "Date of birth" not in shown


def test_one_who_is_too_young_for_the_card_is_told_so() -> None:
    session = sample("elderly_card").start(
        "zh", IDENTITY | {"identity/birth": "1992-03-18", "situation/applicant": "self"}
    )
    assert list(session.problems().values()) == ["满 60 岁才能办。给家里老人办，请回到上一步改选。"]


@pytest.mark.parametrize(
    ("household", "kind", "payment", "pages"),
    [
        ("local", "both", "1475", 4),
        ("other", "both", "1475", 5),
        ("local", "pension", "1000", 4),
        ("local", "medical", "475", 4),
    ],
)
def test_somebody_registers_for_insurance(household: str, kind: str, payment: str, pages: int) -> None:
    session = sample("flexible_employment").start("zh", IDENTITY | {"situation/household": household})
    session.answer("/data/insurance/kind", kind)
    assert len(walk(session)) == pages
    note = session.go_to("/data/payment_page")
    assert note is not None and note.questions[-1].label == f"每个月要交 {payment} 元"
    instance = etree.fromstring(session.finish().instance)
    assert instance.findtext("payment_page/payment") == payment
    assert (instance.find("arrival") is None) is (household == "local")
