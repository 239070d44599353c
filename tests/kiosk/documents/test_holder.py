"""Whose certificate it is: the applicant's, the company's, the one the form names; and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from contract.cases import Answer, Case
from contract.codes import LoginWay
from contract.holders import same_number
from contract.identity import Company, CompanyRole, Person
from contract.items import Result
from contract.model import Words
from kiosk.documents.holder import belongs, names_holder, same_name

WANG, LI = "37029919920318002X", "370299198506070018"
RESULT = Result(name=Words(zh="证明"), template="proof", series="CB")
BABY = RESULT.model_copy(update={"holder": ["baby", "baby_number"]})
COMPANY = Company(name="海湾虚构商贸有限公司", uscc="91370299MA0000002P", role=CompanyRole.HANDLER)


def case(**fields: object) -> Case:
    made = Case(
        case_id=uuid4(),
        receipt_number="A01-1",
        terminal_id="T-1",
        task_code="x",
        item_name="证明",
        release_version=1,
        login=LoginWay.ID_CARD,
        applicant=Person(name="王示例", number=WANG),
        submitted_at=datetime.now(UTC),
    )
    return made.model_copy(update=fields)


def answer(name: str, shown: str) -> Answer:
    return Answer(path=f"/data/{name}", label="", value=shown, shown=shown)


@pytest.mark.parametrize(
    ("name", "number", "right"),
    [
        ("王示例", "3702**********002X", True),
        ("王 示例", "3702 ********** 002X", True),
        ("王示例", WANG, True),
        ("王示例", WANG.lower(), True),
        ("李样本", "3702**********002X", False),
        ("王示例", "3702**********0018", False),
        ("王示例", "******************", False),
        ("王示例", "3702*************X", False),
        ("王示例", "3702*******002X", False),
        ("王示例", "", False),
        ("", "3702**********002X", False),
    ],
)
def test_the_applicants(name: str, number: str, right: bool) -> None:
    assert belongs(name, number, case(), RESULT) is right


def test_an_agents_visit_is_for_the_principal() -> None:
    visit = case(agent=Person(name="李样本", number=LI))
    assert belongs("王示例", "3702**********002X", visit, RESULT)
    assert not belongs("李样本", "3702**********0018", visit, RESULT)


def test_a_companys() -> None:
    visit = case(company=COMPANY)
    assert belongs(COMPANY.name, COMPANY.uscc, visit, RESULT)
    assert not belongs("王示例", "3702**********002X", visit, RESULT)
    assert not belongs(COMPANY.name, "91370299MA0000003P", visit, RESULT)


def test_whom_the_form_names() -> None:
    visit = case(answers=[answer("baby", "王小例"), answer("baby_number", "370299202601010028")])
    assert belongs("王小例", "3702**********0028", visit, BABY)
    assert not belongs("王示例", "3702**********002X", visit, BABY)


@pytest.mark.parametrize(
    ("one", "other"), [("古丽·示例", "古丽•示例"), ("古丽．示例", "古丽・示例"), ("赵𠮷䶮", "赵 𠮷䶮")]
)
def test_the_shape_of_a_dot_is_no_other_person(one: str, other: str) -> None:
    assert same_name(one, other)


def test_alike_is_not_the_same() -> None:
    assert not same_name("赵吉䶮", "赵𠮷䶮")
    assert not same_number("3702**********0018", "3702**********0018"[:-1])


def test_a_document_names_its_holder() -> None:
    assert names_holder("姓名古丽·示例女", "古丽 • 示例")
    assert not names_holder("姓名李样本", "王示例")
    assert names_holder("", "王示例"), "a picture of a page says nothing in text"
