"""What the pages of a material say, against what was asked for and who logged in. No OCR: lines as it finds them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from contract.codes import PaperDoubt, PaperRead
from contract.identity import Company, CompanyRole, Person
from contract.items import Material, MaterialWay
from contract.model import Words
from contract.papers import FIELDS
from kiosk.documents.page_text import PageText, TextLine
from kiosk.documents.reading import (
    BusinessLicence,
    Certificate,
    HouseholdPage,
    IdCardBack,
    IdCardFront,
    understand,
)

WANG = Person(name="王示例", number="37029919920318002X", sex="女", birth=date(1992, 3, 18))
SHOP = Company(name="海湾市样本餐饮有限公司", uscc="91370299MA3EXAMP11", role=CompanyRole.LEGAL_REPRESENTATIVE)
FRONT = [
    "姓名 王示例",
    "性别 女 民族 汉",
    "出生 1992年3月18日",
    "住址 海湾市样板路17号",
    "公民身份号码 37029919920318002X",
]
BACK = ["中华人民共和国", "居民身份证", "签发机关 海湾市公安局", "有效期限 2020.01.01-2040.01.01"]
LICENCE = [
    "营业执照",
    "统一社会信用代码 91370299MA3EXAMP11",
    "名称 海湾市样本餐饮有限公司",
    "法定代表人 王示例",
    "注册资本 壹拾万元整",
]
HOUSEHOLD = ["常住人口登记卡", "姓名 李样本 户主或与户主关系 户主", "性别 男 民族 汉", "出生日期 1985年7月15日"]
COVER = ["户口簿", "户别 家庭户", "户主姓名 李样本"]


def page(rows: list[str]) -> PageText:
    """Words side by side, row under row."""
    lines = []
    for number, row in enumerate(rows):
        top, bottom = 0.05 + number * 0.05, 0.08 + number * 0.05
        for place, words in enumerate(row.split()):
            left = 0.05 + place * 0.2
            corners = ((left, top), (left + 0.15, top), (left + 0.15, bottom), (left, bottom))
            lines.append(TextLine(words, 0.99, corners))
    return PageText(tuple(lines), 1000, 1400)


def material(reads: PaperRead | None, **more: object) -> Material:
    """A material that is read so."""
    return Material.model_validate(
        {"id": "paper", "name": Words(zh="材料"), "way": MaterialWay.SCAN, "reads": reads, **more}
    )


def test_the_contract_names_what_can_be_read() -> None:
    read = {
        PaperRead.ID_CARD: [*fields(IdCardFront), *fields(IdCardBack)],
        PaperRead.BUSINESS_LICENCE: fields(BusinessLicence),
        PaperRead.HOUSEHOLD_PAGE: fields(HouseholdPage),
        PaperRead.CERTIFICATE: fields(Certificate),
        PaperRead.FORM: [],
    }
    assert {kind: tuple(field.name for field in those) for kind, those in read.items()} == FIELDS


def test_both_sides_of_a_card_are_one_paper() -> None:
    understood = understand(material(PaperRead.ID_CARD, sides=2), [page(FRONT), page(BACK)], WANG, None)
    assert understood.doubts == ()
    assert understood.values["number"] == WANG.number and understood.values["valid_until"] == "2040-01-01"


def test_sides_that_were_mixed_up_are_told_each() -> None:
    understood = understand(material(PaperRead.ID_CARD, sides=2), [page(BACK), page(FRONT)], WANG, None)
    assert understood.doubts == ((0, PaperDoubt.OTHER_SIDE), (1, PaperDoubt.OTHER_SIDE)) and not understood.values


def test_a_card_of_somebody_else_is_told_by_its_number() -> None:
    other = [row.replace("37029919920318002X", "37029919850715001X") for row in FRONT if not row.startswith("出生")]
    assert understand(material(PaperRead.ID_CARD), [page(other)], WANG, None).doubts == (
        (0, PaperDoubt.NUMBER_DIFFERS),
    )
    assert understand(material(PaperRead.ID_CARD, of_applicant=False), [page(other)], WANG, None).doubts == ()


def test_a_rare_name_misread_is_no_doubt_where_the_number_agrees() -> None:
    misread = [row.replace("王示例", "王示列") for row in FRONT]
    assert understand(material(PaperRead.ID_CARD), [page(misread)], WANG, None).doubts == ()


def test_the_first_page_that_looks_like_it_counts() -> None:
    asked = material(PaperRead.HOUSEHOLD_PAGE, of_applicant=False)
    understood = understand(asked, [page(COVER), page(HOUSEHOLD)], WANG, None)
    assert understood.doubts == () and understood.values["name"] == "李样本"
    # the second may be it, as long as nobody has read it
    assert understand(asked, [page(COVER), None], WANG, None).doubts == ()
    assert understand(asked, [page(COVER), page(FRONT)], WANG, None).doubts == ((0, PaperDoubt.ANOTHER_PAPER),)


def test_a_household_page_without_a_number_is_compared_by_name() -> None:
    assert understand(material(PaperRead.HOUSEHOLD_PAGE), [page(HOUSEHOLD)], WANG, None).doubts == (
        (0, PaperDoubt.NAME_DIFFERS),
    )


@pytest.mark.parametrize(
    ("rows", "company", "doubts"),
    [
        (LICENCE, SHOP, ()),
        (LICENCE, None, ()),
        (LICENCE, SHOP.model_copy(update={"uscc": "91370299MA3OTHER19"}), ((0, PaperDoubt.COMPANY_DIFFERS),)),
        ([*LICENCE[:3], "法定代表人 李样本", LICENCE[4]], None, ((0, PaperDoubt.NAME_DIFFERS),)),
    ],
)
def test_a_licence_is_compared_with_the_company_or_who_stands_behind_it(
    rows: list[str], company: Company | None, doubts: tuple[tuple[int, PaperDoubt], ...]
) -> None:
    assert understand(material(PaperRead.BUSINESS_LICENCE), [page(rows)], WANG, company).doubts == doubts


def test_a_form_of_the_office_is_read_by_its_labels() -> None:
    labels = {"principal": "委托人", "agent": "受托人", "matter": "委托事项"}
    asked = material(PaperRead.FORM, labels=labels)
    letter = ["授权委托书", "委托人 王示例", "受托人 李样本", "委托事项 社会保险登记"]
    understood = understand(asked, [page(letter)], WANG, None)
    assert understood.values == {"principal": "王示例", "agent": "李样本", "matter": "社会保险登记"}
    assert understand(asked, [page(HOUSEHOLD)], WANG, None).doubts == ((0, PaperDoubt.ANOTHER_PAPER),)


def test_a_page_without_words_is_told_and_one_nobody_read_is_not() -> None:
    assert understand(material(PaperRead.CERTIFICATE), [page([])], WANG, None).doubts == ((0, PaperDoubt.NO_TEXT),)
    assert understand(material(PaperRead.CERTIFICATE), [None], WANG, None).doubts == ()
    assert understand(material(None), [page(FRONT)], WANG, None).values == {}
