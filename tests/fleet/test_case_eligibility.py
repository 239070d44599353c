"""Who may submit which case: agents, companies, assurance; and that no case is lost with the city's service."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.cases import CaseAnswer
from contract.codes import Assurance, CaseState, LoginWay, Outcome
from contract.identity import Company, CompanyRole, Helper, Person
from tests.fleet.city_workbook import COMPANIES, PROOF, SURE, with_logins
from tests.fleet.logins import WANG_NUMBER
from tests.fleet.running_platform import RunningPlatform, TestTerminal, running
from tests.fleet.sample_cases import PERSON, proof_case, put_case

WANG = Person(name="王示例", number=WANG_NUMBER)


def company(uscc: str = "", name: str = "海湾虚构海产有限公司（示例）") -> Company:
    return Company(name=name, uscc=uscc or OF_LI, role=CompanyRole.LEGAL_REPRESENTATIVE, legal_representative="李样本")


def _of_li() -> str:
    import json

    import fleet.sample_city

    path = Path(next(iter(fleet.sample_city.__path__))) / "companies.json"
    return str(json.loads(path.read_text("utf-8"))[2]["uscc"])


OF_LI = _of_li()


def test_a_company_gets_its_certificate(terminal: TestTerminal, platform: RunningPlatform) -> None:
    case = proof_case(task_code=COMPANIES, company=company(), applicant=PERSON)
    answer = CaseAnswer.model_validate_json(put_case(terminal, case).content)
    assert answer.state is CaseState.CONCLUDED and answer.certificate is not None
    assert answer.certificate.holder == "海湾虚构海产有限公司（示例）"
    assert answer.certificate.fields[:2] == [
        ("单位名称", "海湾虚构海产有限公司（示例）"),
        ("统一社会信用代码", OF_LI),
    ]
    shown = platform.operator(f"cases/{case.case_id}").json()
    assert shown["acting"] == "company"
    assert shown["case"]["company"]["uscc"] == OF_LI


def test_operators_see_agent_and_helper(terminal: TestTerminal, platform: RunningPlatform) -> None:
    case = proof_case(agent=WANG, helper=Helper(id="BB-001", name="周帮办"))
    assert put_case(terminal, case).status_code == 200
    shown = platform.operator(f"cases/{case.case_id}").json()
    assert (shown["acting"], shown["helped"]) == ("agent", True)
    assert shown["case"]["agent"]["name"] == "王示例" and shown["case"]["helper"]["id"] == "BB-001"
    summary = next(each for each in platform.operator("cases?limit=50").json() if each["case_id"] == str(case.case_id))
    assert (summary["acting"], summary["helped"]) == ("agent", True)
    assert "王示例" not in str(summary)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"assurance": Assurance.LOW}, "assurance"),
        ({"task_code": SURE}, "assurance"),
        ({"task_code": SURE, "assurance": Assurance.HIGH, "agent": WANG}, "agent"),
        ({"company": company()}, "not for companies"),
        ({"task_code": COMPANIES}, "companies only"),
        ({"task_code": COMPANIES, "company": company("91370299MA0X0300C0")}, "does not check"),
        ({"task_code": COMPANIES, "company": company("91370299ma0x0300ca")}, "does not check"),
    ],
    ids=["too low", "not high", "no agents", "for people", "for companies", "check digit", "small"],
)
def test_a_case_its_item_does_not_allow_is_refused(
    terminal: TestTerminal, fields: dict[str, object], reason: str
) -> None:
    answer = put_case(terminal, proof_case(**fields))
    assert answer.status_code == 422
    assert reason in answer.json()["detail"]
    assert "示例" not in answer.text and "样本" not in answer.text


def test_who_may_not_act_for_the_company_is_not_accepted_and_told_where_to_go(terminal: TestTerminal) -> None:
    case = proof_case(task_code=COMPANIES, company=company(), applicant=WANG)
    answer = CaseAnswer.model_validate_json(put_case(terminal, case).content)
    notice = answer.notice
    assert notice is not None and answer.state is CaseState.NOT_ACCEPTED and answer.certificate is None
    assert notice.outcome is Outcome.NOT_ACCEPTED and "市场监督管理" in notice.where and notice.reason
    # the register is asked once: the same case gets the same answer
    assert CaseAnswer.model_validate_json(put_case(terminal, case).content) == answer


def test_a_high_case_is_taken(terminal: TestTerminal) -> None:
    assert put_case(terminal, proof_case(task_code=SURE, assurance=Assurance.HIGH)).status_code == 200
    assert put_case(terminal, proof_case(task_code=PROOF, assurance=Assurance.HIGH)).status_code == 200


def test_no_case_is_lost_because_nothing_answers(tmp_path: Path) -> None:
    """The register of companies cannot be asked: an official looks at the case."""
    for platform in running(tmp_path, "", with_logins):
        terminal = TestTerminal(platform, "T-1", tmp_path / "T-1")
        case = proof_case(task_code=COMPANIES, company=company(), applicant=WANG)
        assert put_case(terminal, case).status_code == 200


def test_a_case_that_was_taken_stays_taken(terminal: TestTerminal, platform: RunningPlatform) -> None:
    case = proof_case(task_code=COMPANIES, company=company(), applicant=PERSON)
    assert put_case(terminal, case).json() == put_case(terminal, case).json()


@pytest.mark.parametrize("way", [LoginWay.SMS, LoginWay.OFFLINE_CODE, LoginWay.SOCIAL_SECURITY_CARD])
def test_a_way_is_never_surer_than_it_can_be(terminal: TestTerminal, way: LoginWay) -> None:
    said = put_case(terminal, proof_case(login=way, assurance=Assurance.SUBSTANTIAL))
    assert said.status_code == 422 and "never as sure" in said.text
