from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook
from pyxform.xls2xform import convert
from stdnum.cn import uscc

import fleet.sample_city
from contract.codes import ProjectType, ServerType, TaskType
from contract.items import MaterialWay
from fleet.catalogue.columns import EXPLAINED
from fleet.catalogue.importer import import_workbook
from kiosk.forms import Form

HERE = Path(next(iter(fleet.sample_city.__path__)))
FORMS = sorted(path.stem for path in (HERE / "forms").glob("*.xlsx"))
ODK = {"x": "http://www.w3.org/2002/xforms"}

Row = dict[str, Any]


def rows(sheet: str) -> list[Row]:
    """The data rows of a sheet of the tracked workbook, by column."""
    headers, explained, *data = load_workbook(HERE / "city.xlsx", read_only=True)[sheet].iter_rows(values_only=True)
    assert all(explained)
    return [dict(zip(headers, row, strict=True)) for row in data]


ITEMS = rows("items")
AT_TERMINAL = [item for item in ITEMS if item["at_terminal"] == "是"]


def names(items: list[Row]) -> list[str]:
    return [item["name_zh"] for item in items]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("city")
    subprocess.run([sys.executable, "-m", "fleet.sample_city", "--out", str(out)], check=True, timeout=60)
    return out


def test_the_tracked_files_are_what_the_sources_make(made: Path) -> None:
    written = [path.relative_to(made) for path in made.rglob("*.*") if path.suffix in (".xlsx", ".typ")]
    assert len(written) == 1 + 3 + 6
    for path in written:
        tracked, fresh = (hashlib.sha256((folder / path).read_bytes()).hexdigest() for folder in (HERE, made))
        assert tracked == fresh, f"{path}: run python -m fleet.sample_city"


def test_every_sheet_has_its_columns() -> None:
    book = load_workbook(HERE / "city.xlsx", read_only=True)
    assert book.sheetnames == list(EXPLAINED)
    for sheet, columns in EXPLAINED.items():
        first = next(book[sheet].iter_rows(max_row=1, values_only=True))
        assert first == tuple(columns)


def test_codes_have_their_shapes() -> None:
    departments = {row["dept_code"] for row in rows("departments")}
    themes = {row["id"] for row in rows("themes")}
    assert all(uscc.is_valid(code) for code in departments)
    for item in ITEMS:
        assert item["dept_code"] in departments
        assert item["theme"] in themes
        assert re.fullmatch(r"\d{12}", item["catalog_code"])
        assert item["task_code"].endswith(item["catalog_code"])
        assert len(item["task_code"]) <= 36
        assert TaskType(item["task_type"])
        assert ProjectType(item["project_type"])
        assert all(ServerType(each) for each in item["server_types"].split("、"))
    assert len({item["task_code"] for item in ITEMS}) == len(ITEMS) >= 14
    assert {item["theme"] for item in ITEMS} == themes - {"all"}


@pytest.mark.parametrize("item", ITEMS, ids=names(ITEMS))
def test_items_obey_the_audit_rules(item: Row) -> None:
    assert (item["project_type"] == ProjectType.INSTANT) == (item["promise_days"] == 0)
    assert item["promise_days"] <= item["legal_days"]
    fee = [item["fee_name"], item["fee_standard"], item["fee_basis"]]
    assert all(fee) if item["fee_charged"] == "是" else not any(fee)
    assert item["consult"] != item["supervise"]
    assert item["visits"] > 0 or item["at_terminal"] == "是"
    assert ("不收费" in item["plain_zh"]) == (item["fee_charged"] == "否")


def test_the_terminal_offers_exactly_what_is_built() -> None:
    assert {(item["name_zh"], item["form"], item["result_template"]) for item in AT_TERMINAL} == {
        ("灵活就业人员参保登记", "flexible_employment", "insurance_certificate"),
        ("社会保险参保证明打印", None, "insurance_certificate"),
        ("住房公积金缴存证明打印", None, "deposit_certificate"),
        ("户籍证明打印", None, "household_certificate"),
        ("老年人优待证申领", "elderly_card", "elderly_card"),
        ("领取养老金资格认证", None, "pension_receipt"),
        ("单位参保证明打印", None, "company_certificate"),
        ("最低生活保障申请", "subsistence_allowance", None),
        ("退役军人优待证申领", None, None),
    }
    for item in AT_TERMINAL:
        template = item["result_template"]
        assert template is None or (HERE / "templates" / f"{template}.typ").exists()
        assert item["form"] is None or item["form"] in FORMS


def test_english_is_complete() -> None:
    for sheet in EXPLAINED:
        for row in rows(sheet):
            for column, value in row.items():
                if column.endswith("_zh") and value:
                    assert row[f"{column[:-3]}_en"], f"{sheet} {row}: {column}"


def test_materials_situations_and_commitments_belong_together() -> None:
    items = {item["task_code"]: item for item in ITEMS}
    asked = {(row["task_code"], f"{row['situation_id']}={row['value']}") for row in rows("situations")}
    for code, item in items.items():
        asked.add((code, "acting=self"))
        asked |= {(code, "acting=agent")} if item["agent_allowed"] == "是" else set()
        asked |= {(code, "acting=company")} if "2" in item["server_types"] else set()
    for material in rows("materials"):
        assert material["task_code"] in items
        assert MaterialWay(material["way"])
        assert material["need"] in ("必要", "非必要", "容缺后补")
        assert material["form"] in ("原件", "复印件", "原件或复印件")
        assert material["source"] in ("申请人自备", "政府部门核发", "其他")
        assert "其他" not in material["name_zh"]
        for when in (material["when"] or "").split("、"):
            assert not when or (material["task_code"], when) in asked
    committed = {row["task_code"] for row in rows("commitments")}
    assert committed == {code for code, item in items.items() if item["commitment_title_zh"]}


def test_people_are_invented_and_their_numbers_add_up() -> None:
    people = json.loads((HERE / "people.json").read_text("utf-8"))
    assert [person["name"] for person in people][:2] == ["王示例", "李样本"]
    assert any(ord(character) > 0xFFFF for person in people for character in person["name"])
    for person in people:
        number = person["number"]
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        digits = zip(weights, number[:17], strict=True)
        assert number[17] == "10X98765432"[sum(weight * int(digit) for weight, digit in digits) % 11]
        assert number[:6] == "370299"
        assert number[6:14] == person["birth"]
        assert person["sex"] == ("男" if int(number[16]) % 2 else "女")
        assert re.fullmatch(r"1[3-9]\d{9}", person["mobile"])


@pytest.fixture(scope="module", params=FORMS)
def xform(request: pytest.FixtureRequest) -> etree._Element:
    result = convert(str(HERE / "forms" / f"{request.param}.xlsx"), validate=False)
    assert not result.warnings
    return etree.fromstring(result.xform.encode())


def test_forms_have_pages_in_both_languages(xform: etree._Element) -> None:
    pages = xform.xpath("//*[@appearance='field-list']")
    assert len(pages) >= 3
    languages = xform.xpath("//x:itext/x:translation", namespaces=ODK)
    assert [language.get("lang") for language in languages] == ["zh", "en"]
    assert languages[0].get("default") == "true()"
    chinese, english = ({text.get("id") for text in language} for language in languages)
    assert chinese == english
    assert "-" not in xform.xpath("//x:translation//x:value/text()", namespaces=ODK)


def test_forms_are_filled_in_from_the_card_and_the_situation(xform: etree._Element) -> None:
    source = "{https://bianmin.example/xforms}from"
    binds = {bind.get(source): bind for bind in xform.iter("{*}bind") if bind.get(source)}
    assert {"identity/name", "identity/number", "identity/birth", "identity/mobile", "identity/address"} <= set(binds)
    assert any(where.startswith("situation/") for where in binds)
    for fixed in ("identity/name", "identity/number"):
        assert binds[fixed].get("readonly") == "true()"


def test_form_choices_are_the_situations_choices() -> None:
    for item in AT_TERMINAL:
        if item["form"]:
            book = load_workbook(HERE / "forms" / f"{item['form']}.xlsx", read_only=True)
            choices = {row[:2] for row in book["choices"].iter_rows(min_row=2, values_only=True)}
            asked = {
                (row["situation_id"], row["value"])
                for row in rows("situations")
                if row["task_code"] == item["task_code"]
            }
            assert asked
            assert asked <= choices


def test_the_platform_takes_the_workbook_with_its_forms_and_templates() -> None:
    outcome = import_workbook(HERE / "city.xlsx")
    assert outcome.faults == []
    assert outcome.catalogue is not None


def form(name: str) -> Form:
    return Form.load(convert(str(HERE / "forms" / f"{name}.xlsx"), validate=False).xform.encode())


@pytest.mark.parametrize(("kind", "payment"), [("both", "1328.68"), ("pension", "900.8"), ("medical", "427.88")])
def test_the_form_says_what_a_month_costs(kind: str, payment: str) -> None:
    session = form("flexible_employment").start(language="zh", prefill={"situation/household": "local"})
    assert "/data/arrival" not in [page.path for page in session.pages()]
    assert session.answer("/data/insurance/kind", kind) is None
    assert session.answer("/data/payment_page/base", "4503") is not None
    assert session.answer("/data/payment_page/base", "4504") is None
    assert f"每个月要交 {payment} 元" in [question.label for question in session.pages()[-1].questions]


def test_the_form_asks_who_comes_from_elsewhere_when_they_came() -> None:
    session = form("flexible_employment").start(language="zh", prefill={"situation/household": "other"})
    assert "/data/arrival" in [page.path for page in session.pages()]


@pytest.mark.parametrize(("years", "days", "old_enough"), [(60, 0, True), (60, 1, False), (59, -1, False)])
def test_the_elderly_card_is_from_the_sixtieth_birthday(years: int, days: int, old_enough: bool) -> None:
    today = date.today()
    birth = date(today.year - years, today.month, min(today.day, 28)) + timedelta(days=days + max(today.day - 28, 0))
    session = form("elderly_card").start(
        language="zh", prefill={"situation/applicant": "self", "identity/birth": birth.isoformat()}
    )
    assert ("/data/person/birth" not in session.problems()) == old_enough


def test_levels_of_assurance_and_who_may_act() -> None:
    levels = {item["name_zh"]: item["assurance"] for item in ITEMS if item["assurance"]}
    assert levels == {"领取养老金资格认证": "高级", "社会保险参保证明打印": "初级", "老年人优待证申领": "初级"}
    assert [item["name_zh"] for item in ITEMS if item["server_types"] == "2"] == ["单位参保证明打印"]
    letters = {row["task_code"] for row in rows("materials") if row["when"] == "acting=agent"}
    assert letters == {item["task_code"] for item in AT_TERMINAL if item["agent_allowed"] == "是"}


def test_the_first_terminal_takes_offline_codes_for_what_they_can_open() -> None:
    terminals = {row["terminal_id"]: row for row in rows("terminals")}
    items = {item["task_code"]: item for item in ITEMS}
    opened = [items[code] for code in terminals["HW-0001"]["offline_opens"].split("、")]
    assert "社会保险参保证明打印" in names(opened) and len(opened) == 2
    assert {item["assurance"] for item in opened} == {"初级"}, "an offline code is of low assurance"
    assert all(item["at_terminal"] == "是" for item in opened)
    assert (terminals["HW-0002"]["card_stays"], terminals["HW-0004"]["face_at_login"]) == ("是", "是")
    assert not terminals["HW-0003"]["offline_opens"]


def test_companies_and_helpers_are_invented_and_their_codes_check() -> None:
    people = {person["number"]: person["name"] for person in json.loads((HERE / "people.json").read_text("utf-8"))}
    companies = json.loads((HERE / "companies.json").read_text("utf-8"))
    acting = {(people[actor["number"]], actor["role"]) for company in companies for actor in company["actors"]}
    assert {("王示例", "legal_representative"), ("王示例", "handler"), ("李样本", "legal_representative")} <= acting
    for company in companies:
        assert uscc.is_valid(company["uscc"]) and company["uscc"][2:8] == "370299"
        assert "示例" in company["name"]
        representatives = [actor for actor in company["actors"] if actor["role"] == "legal_representative"]
        assert [people[actor["number"]] for actor in representatives] == [company["legal_representative"]]
    helpers = json.loads((HERE / "helpers.json").read_text("utf-8"))
    assert len({helper["id"] for helper in helpers}) == len({helper["badge"] for helper in helpers}) == 2
