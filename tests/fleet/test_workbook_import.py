"""Every fault of a workbook is found, with its place; a workbook with one changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.codes import Assurance, ProjectType, TaskType
from contract.terminals import SiteRules
from fleet.catalogue.importer import import_workbook
from tests.fleet.city_workbook import (
    CIVIL_AFFAIRS,
    HUMAN_RESOURCES,
    PROOF,
    SUBSIDY,
    SURE,
    Rows,
    with_logins,
    write_city,
    write_form,
)
from tests.fleet.running_platform import run_command


def setting(sheet: str, index: int, **cells: object) -> Callable[[Rows], None]:
    """Change cells of one row."""

    def change(rows: Rows) -> None:
        rows[sheet][index].update(cells)

    return change


def test_a_whole_workbook_becomes_a_catalogue(tmp_path: Path) -> None:
    outcome = import_workbook(write_city(tmp_path))
    assert outcome.faults == []
    catalogue = outcome.catalogue
    assert catalogue is not None
    assert catalogue.division == "370299"
    proof, subsidy = catalogue.item(PROOF), catalogue.item(SUBSIDY)
    assert proof is not None and subsidy is not None
    assert proof.popular_terms == ["社保证明", "交社保的证明"]
    assert proof.result is not None and (proof.result.template, proof.result.series) == ("proof", "CB")
    assert (subsidy.task_type, subsidy.project_type) == (TaskType.PAYMENT, ProjectType.PROMISED)
    assert subsidy.form == "subsidy"
    assert [choice.value for choice in subsidy.situations[0].choices] == ["self", "other"]
    assert [material.when for material in subsidy.materials] == [[], ["who=other"]]
    assert not any(material.may_be_held for material in subsidy.materials)
    assert subsidy.commitment is not None
    assert [paragraph.zh for paragraph in subsidy.commitment.paragraphs] == [
        "所填内容真实。",
        "愿意承担责任。",
    ]
    assert set(catalogue.files) == {f"{CIVIL_AFFAIRS}/subsidy.xml", f"{HUMAN_RESOURCES}/proof.typ"}
    assert "<h:html" in catalogue.files[f"{CIVIL_AFFAIRS}/subsidy.xml"]


FAULTS: list[tuple[str, Callable[[Rows], None], tuple[str, int, str]]] = [
    ("vague_material", setting("materials", 1, name_zh="其他材料"), ("materials", 4, "name_zh")),
    ("vague_material", setting("materials", 0, name_zh="办理所需的相关材料"), ("materials", 3, "name_zh")),
    ("bad_uscc", setting("departments", 0, dept_code="113702990000000170"), ("departments", 3, "dept_code")),
    ("unknown_theme", setting("items", 1, theme="gone"), ("items", 4, "theme")),
    ("unknown_department", setting("items", 0, dept_code="91350100M000100Y43"), ("items", 3, "dept_code")),
    ("form_missing", setting("items", 1, form="nowhere"), ("items", 4, "form")),
    ("form_missing", setting("items", 1, form="../subsidy"), ("items", 4, "form")),
    ("template_missing", setting("items", 0, result_template="nowhere"), ("items", 3, "result_template")),
    ("result_incomplete", setting("items", 0, result_series=None), ("items", 3, "result_series")),
    ("bad_series", setting("items", 0, result_series="cb1"), ("items", 3, "result_series")),
    ("instant_with_days", setting("items", 0, promise_days=3), ("items", 3, "promise_days")),
    ("promised_without_days", setting("items", 1, promise_days=0), ("items", 4, "promise_days")),
    ("promise_longer", setting("items", 1, promise_days=30), ("items", 4, "promise_days")),
    (
        "fee_incomplete",
        setting("items", 0, fee_charged="是", fee_name="工本费", fee_standard="5 元"),
        ("items", 3, "fee_basis"),
    ),
    ("same_phone", setting("items", 0, supervise="0005550101"), ("items", 3, "supervise")),
    ("empty", setting("items", 0, plain_zh=None), ("items", 3, "plain_zh")),
    ("not_whole_number", setting("items", 0, minutes="three"), ("items", 3, "minutes")),
    ("not_whole_number", setting("items", 0, minutes=0), ("items", 3, "minutes")),
    ("not_in_list", setting("items", 0, project_type="立等可取"), ("items", 3, "project_type")),
    ("not_in_list", setting("materials", 0, way="fax"), ("materials", 3, "way")),
    ("reads_not_scanned", setting("materials", 0, way="card", reads="身份证"), ("materials", 3, "reads")),
    ("labels_of_forms", setting("materials", 0, way="scan", reads="表格"), ("materials", 3, "labels")),
    ("labels_of_forms", setting("materials", 0, way="scan", labels="name=姓名"), ("materials", 3, "labels")),
    ("twice", setting("items", 1, task_code=PROOF), ("items", 4, "task_code")),
    ("bad_task_code", setting("items", 2, task_code="a b"), ("items", 5, "task_code")),
    ("bad_catalog_code", setting("items", 2, catalog_code="12"), ("items", 5, "catalog_code")),
    ("unknown_item", setting("materials", 0, task_code="nothing"), ("materials", 3, "task_code")),
    ("unknown_when", setting("materials", 1, when="who=nobody"), ("materials", 4, "when")),
    ("bad_licence", setting("materials", 1, licence="执照"), ("materials", 4, "licence")),
    ("too_many_months", setting("materials", 1, reuse_months=121), ("materials", 4, "reuse_months")),
    ("not_whole_number", setting("materials", 1, reuse_months="半年"), ("materials", 4, "reuse_months")),
    ("card_is_read", setting("materials", 0, licence="ABC-1"), ("materials", 3, "licence")),
    ("card_is_read", setting("materials", 0, reuse_months=6), ("materials", 3, "reuse_months")),
    (
        "shared_without_licence",
        setting("materials", 1, way="shared", reuse_months=6),
        ("materials", 4, "reuse_months"),
    ),
    ("few_choices", lambda rows: rows["situations"].pop(), ("situations", 3, "situation_id")),
    (
        "question_differs",
        setting("situations", 1, question_zh="别的问题？"),
        ("situations", 4, "question_zh"),
    ),
    (
        "commitment_without_title",
        setting("items", 1, commitment_title_zh=None),
        ("items", 4, "commitment_title_zh"),
    ),
    (
        "commitment_without_paragraphs",
        setting("items", 0, commitment_title_zh="承诺书"),
        ("items", 3, "commitment_title_zh"),
    ),
    ("bad_id", setting("terminals", 0, terminal_id="T 1"), ("terminals", 3, "terminal_id")),
    ("bad_division", setting("terminals", 0, division="青岛"), ("terminals", 3, "division")),
    ("not_in_list", setting("items", 0, assurance="很高"), ("items", 3, "assurance")),
    ("not_in_list", setting("terminals", 0, card_stays="也许"), ("terminals", 3, "card_stays")),
    ("not_in_list", setting("terminals", 1, face_at_login="x"), ("terminals", 4, "face_at_login")),
    (
        "unknown_offline_item",
        setting("terminals", 0, offline_opens=f"{PROOF}、nothing"),
        ("terminals", 3, "offline_opens"),
    ),
    ("unknown_question", setting("items", 0, result_fields="理由=nothing"), ("items", 3, "result_fields")),
    ("unknown_question", setting("items", 0, result_holder="name、number"), ("items", 3, "result_holder")),
    ("bad_holder", setting("items", 0, result_holder="name"), ("items", 3, "result_holder")),
    ("unknown_when", setting("materials", 1, when="acting=company"), ("materials", 4, "when")),
    ("situation_built_in", setting("situations", 0, situation_id="acting"), ("situations", 3, "situation_id")),
    ("no_sheet", lambda rows: rows.pop("materials"), ("materials", 0, "")),
    ("no_column", lambda rows: [row.pop("law") for row in rows["items"]], ("items", 1, "law")),
    ("unknown_column", setting("items", 0, laws="x"), ("items", 1, "laws")),
    ("no_rows", lambda rows: rows["terminals"].clear(), ("terminals", 0, "")),
]


@pytest.mark.parametrize(("code", "change", "place"), FAULTS, ids=[f"{fault[0]}-{i}" for i, fault in enumerate(FAULTS)])
def test_a_fault_is_found_with_its_place(
    tmp_path: Path, code: str, change: Callable[[Rows], Any], place: tuple[str, int, str]
) -> None:
    outcome = import_workbook(write_city(tmp_path, change))
    assert outcome.catalogue is None
    found = {(fault.code, fault.sheet, fault.row, fault.column) for fault in outcome.faults}
    assert (code, *place) in found
    for fault in outcome.faults:
        assert fault.message("zh") and fault.message("en")


def _without(*columns: str) -> Callable[[Rows], None]:
    """Take columns of the sheet items away."""

    def change(rows: Rows) -> None:
        for row in rows["items"]:
            for column in columns:
                row.pop(column)

    return change


#: the cell of the subsidy's code is broken: situations, materials, commitments, its form and a terminal speak of it
BROKEN_CODES = [
    ("empty", setting("items", 1, task_code=None), ("items", 4, "task_code")),
    ("bad_task_code", setting("items", 1, task_code="370299AA0002 subsidy"), ("items", 4, "task_code")),
    ("twice", setting("items", 1, task_code=PROOF), ("items", 4, "task_code")),
    ("no_column", _without("task_code"), ("items", 1, "task_code")),
    ("error_value", setting("items", 1, task_code="#REF!"), ("items", 4, "task_code")),
]


@pytest.mark.parametrize(("code", "change", "place"), BROKEN_CODES, ids=[one[0] for one in BROKEN_CODES])
def test_a_broken_code_of_an_item_is_told_once_and_not_by_all_who_refer_to_it(
    tmp_path: Path, code: str, change: Callable[[Rows], Any], place: tuple[str, int, str]
) -> None:
    def broken(rows: Rows) -> None:
        rows["terminals"][0]["offline_opens"] = SUBSIDY
        change(rows)

    path = write_city(tmp_path, broken)
    write_form(tmp_path / "subsidy.xlsx", [("text", "whose", "为谁")], {"whose": "situation/who"})
    faults = {(fault.code, fault.sheet, fault.row, fault.column) for fault in import_workbook(path).faults}
    assert faults == {(code, *place)}


def test_where_every_code_is_whole_a_wrong_reference_is_told(tmp_path: Path) -> None:
    def change(rows: Rows) -> None:
        rows["terminals"][0]["offline_opens"] = "nothing"
        rows["commitments"][0]["task_code"] = "nothing"

    found = {fault.code for fault in import_workbook(write_city(tmp_path, change)).faults}
    assert found == {"unknown_offline_item", "unknown_item"}


def test_every_fault_of_one_workbook_is_reported_at_once(tmp_path: Path) -> None:
    def change(rows: Rows) -> None:
        rows["items"][0].update(theme="gone", consult=None, minutes="x")
        rows["materials"][0].update(name_zh="其他材料")

    codes = [fault.code for fault in import_workbook(write_city(tmp_path, change)).faults]
    assert sorted(codes) == ["empty", "not_whole_number", "unknown_theme", "vague_material"]


def test_a_fault_says_which_cell_and_what_to_write(tmp_path: Path) -> None:
    fault = import_workbook(write_city(tmp_path, setting("themes", 0, id=None))).faults[0]
    assert (fault.cell, fault.column) == ("themes!A3", "id")
    assert fault.line("zh").startswith("themes!A3 id: 不能为空")


def test_a_fault_of_a_form_names_its_file_and_cell(tmp_path: Path) -> None:
    workbook = write_city(tmp_path)
    write_form(tmp_path / "subsidy.xlsx", [("select_one nowhere", "reason", "申领理由")])
    faults = import_workbook(workbook).faults
    assert [(fault.code, fault.cell) for fault in faults] == [("unknown_list", "subsidy.xlsx survey!A2")]
    assert "choices" in faults[0].message("en")


def test_a_form_the_terminal_cannot_run_is_a_fault(tmp_path: Path) -> None:
    workbook = write_city(tmp_path)
    write_form(tmp_path / "subsidy.xlsx", [("text", "reason", "申领理由"), ("background-audio", "sound", "录音")])
    faults = import_workbook(workbook).faults
    assert [(fault.code, fault.cell) for fault in faults] == [("form_not_runnable", "subsidy.xlsx survey!B3")]


def test_a_file_that_is_no_workbook_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "city.xlsx").write_bytes(b"not a zip")
    assert [fault.code for fault in import_workbook(tmp_path / "city.xlsx").faults] == ["no_workbook"]


def test_an_import_with_faults_exits_1_and_keeps_the_earlier_draft(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "platform")]
    assert run_command("init", *data)[0] == 0
    good, bad = write_city(tmp_path / "good"), write_city(tmp_path / "bad", setting("items", 0, theme="gone"))
    assert run_command("import", *data, str(good))[0] == 0
    code, report = run_command("import", *data, str(bad))
    assert code == 1
    assert report["imported"] is False
    assert run_command("release", *data, "--approved-by", "甲", "--approved-by", "乙") == (
        0,
        {"version": 1, "items": 3, "targets": 10},
    )


def test_what_logins_need_is_read_from_the_workbook(tmp_path: Path) -> None:
    catalogue = import_workbook(write_city(tmp_path, with_logins)).catalogue
    assert catalogue is not None
    levels = {item.task_code: item.assurance for item in catalogue.items}
    assert levels[SURE] is Assurance.HIGH and levels[PROOF] is Assurance.SUBSTANTIAL
    sites = {terminal.terminal_id: terminal.site for terminal in catalogue.terminals}
    assert sites["T-1"] == SiteRules()
    assert sites["T-2"] == SiteRules(card_stays=True, face_at_login=True, offline_opens=[PROOF, SUBSIDY])
    assert sites["T-3"].offline_opens == ["*"]


@pytest.mark.parametrize(("when", "right"), [("acting=agent", True), ("acting=self", True), ("acting=company", False)])
def test_a_material_may_be_asked_of_agents_only(tmp_path: Path, when: str, right: bool) -> None:
    outcome = import_workbook(write_city(tmp_path, setting("materials", 1, when=when)))
    assert [fault.code for fault in outcome.faults] == ([] if right else ["unknown_when"])
    if outcome.catalogue is not None:
        subsidy = outcome.catalogue.item(SUBSIDY)
        assert subsidy is not None and subsidy.materials[1].when == [when]
