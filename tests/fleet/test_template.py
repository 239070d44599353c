"""The template: imports as it is, is explained, offers lists, and does not write over anybody's work."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from contract.items import MaterialWay
from fleet.catalogue.checking import check
from fleet.catalogue.columns import EXPLANATION, SHEETS
from fleet.catalogue.importer import import_workbook
from fleet.catalogue.items import VAGUE
from kiosk.forms import Form
from tests.fleet.running_platform import run_command


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "事项模板.xlsx"
    assert run_command("template", "--out", str(path)) == (0, {"written": str(path)})
    return path


def test_the_template_has_neither_fault_nor_notice(template: Path) -> None:
    assert check(template) == ([], [])
    code, report = run_command("check", str(template))
    assert (code, report) == (0, {"faultless": True, "faults": [], "notices": []})


def test_the_template_becomes_an_item_with_guide_situations_materials_and_form(template: Path) -> None:
    catalogue = import_workbook(template).catalogue
    assert catalogue is not None
    (item,) = catalogue.items
    assert len(item.situations) == 1 and len(item.situations[0].choices) == 2
    assert {material.way for material in item.materials} == {MaterialWay.CARD, MaterialWay.SCAN}
    assert item.commitment is not None and item.guide.law
    form = Form.load(catalogue.files[f"{item.dept_code}/{item.form}.xml"].encode())
    session = form.start(language="zh", prefill={"identity/name": "王示例", "identity/mobile": "13800000000"})
    assert [page.title for page in session.pages()][:2] == ["这是您的信息吗？", "您想要哪种卡？"]


def test_the_template_goes_into_a_release(template: Path, tmp_path: Path) -> None:
    data = str(tmp_path / "platform")
    assert run_command("init", "--data", data)[0] == 0
    assert run_command("import", "--data", data, str(template))[0] == 0
    assert run_command("release", "--data", data, "--approved-by", "甲", "--approved-by", "乙") == (
        0,
        {"version": 1, "items": 1, "targets": 6},
    )


def test_every_column_is_explained_and_stays_in_sight(template: Path) -> None:
    book = load_workbook(template)
    assert book.sheetnames[0] == EXPLANATION
    assert set(SHEETS) | {"survey", "choices", "settings"} == set(book.sheetnames) - {EXPLANATION}
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes in ("B3", "C3")
        prompted = {str(one.sqref).split(":")[0][:-1] for one in sheet.data_validations.dataValidation if one.prompt}
        for head, told in zip(sheet[1], sheet[2], strict=True):
            assert head.value and told.value
            assert head.column_letter in prompted
            assert 10 <= sheet.column_dimensions[head.column_letter].width <= 60


def test_code_columns_are_text_so_that_no_program_changes_them(template: Path) -> None:
    book = load_workbook(template)
    for sheet, column in (("items", "A"), ("items", "AL"), ("materials", "A"), ("survey", "M"), ("terminals", "F")):
        assert book[sheet].column_dimensions[column].number_format == "@"


def test_drop_down_lists_offer_what_the_import_takes(template: Path) -> None:
    """Each word of each list is written into its cell in turn and taken."""
    book = load_workbook(template)
    lists = [
        (sheet.title, str(one.sqref).split(":")[0], str(one.formula1).strip('"').split(","))
        for sheet in book.worksheets[1:]
        for one in sheet.data_validations.dataValidation
        if one.type == "list" and not str(one.formula1).startswith("=")
        and sheet.title in ("items", "materials", "terminals")
    ]  # fmt: skip
    assert len(lists) >= 11
    for sheet, place, words in lists:
        for word in words:
            before = book[sheet][place].value
            book[sheet][place].value = word
            changed = template.with_name("changed.xlsx")
            book.save(changed)
            book[sheet][place].value = before
            assert not [one for one in check(changed)[0] if one.code == "not_in_list"], (sheet, place, word)


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "mine.xlsx"
    mine.write_bytes(b"work of a week")
    code, report = run_command("template", "--out", str(mine))
    assert code == 1 and "already" in str(report["error"])
    assert mine.read_bytes() == b"work of a week"
    assert run_command("template", "--out", str(tmp_path / "mine.ods"))[0] == 1
    assert run_command("template", "--out", str(tmp_path / "no" / "mine.xlsx"))[0] == 1


VAGUE_NAMES = (
    "其他材料 其它材料 其他证明材料 相关材料 有关证明材料 相关证件 身份证等材料 户口簿等 身份证等有关材料 "
    "法律法规规定的其他材料 需要提交的其他资料 材料 证明材料 办理所需的相关材料 其他"
)
EXACT_NAMES = (
    "居民身份证 授权委托书 同等学力证明 初等教育毕业证书 优抚对象证件 残疾等级评定表 劳动能力鉴定等级结论书 "
    "户口簿老人本人页 一寸近期照片 财产证明 材料真实性承诺书 无犯罪记录证明 出生医学证明 申请表"
)


@pytest.mark.parametrize("name", VAGUE_NAMES.split())
def test_vague_names_of_materials_are_known(name: str) -> None:
    assert VAGUE.search(name)


@pytest.mark.parametrize("name", EXACT_NAMES.split())
def test_exact_names_of_materials_are_let_through(name: str) -> None:
    assert not VAGUE.search(name)
