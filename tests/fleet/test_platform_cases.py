"""Cases: taken once however often they come, accepted when everything is here, instant ones concluded."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from contract.cases import Case, CaseAnswer
from contract.codes import CaseState
from contract.identity import Person
from fleet.working_days import due_date
from tests.fleet.city_workbook import ADVICE
from tests.fleet.running_platform import RunningPlatform, TestTerminal
from tests.fleet.sample_cases import proof_case, put_case, sha256, signed_letter, subsidy_case, upload


def answer_of(terminal: TestTerminal, case: Case) -> CaseAnswer:
    answer = put_case(terminal, case)
    assert answer.status_code == 200, answer.text
    return CaseAnswer.model_validate_json(answer.content)


def test_an_instant_case_is_concluded_with_its_certificate(terminal: TestTerminal) -> None:
    case = proof_case()
    answer = answer_of(terminal, case)
    assert answer.state is CaseState.CONCLUDED
    assert re.fullmatch(r"3702-0\d{2}\d{4}-\d{5}", answer.case_number)
    certificate = answer.certificate
    assert certificate is not None
    assert re.fullmatch(r"CB-\d{2}-\d{6}", certificate.number)
    assert (certificate.template, certificate.holder) == ("proof", "李样本")
    assert certificate.fields[:2] == [("姓名", "李样本"), ("身份证号", "3702**********0018")]
    assert len(certificate.fields) <= 8
    assert all("数据为示例" in shown for _label, shown in certificate.fields[2:])


def test_the_same_case_again_gives_the_same_answer(terminal: TestTerminal) -> None:
    case = proof_case()
    assert answer_of(terminal, case) == answer_of(terminal, case)


def test_the_answer_names_the_bytes_whose_content_is_held(terminal: TestTerminal) -> None:
    case = proof_case()
    for body in (case.model_dump_json(), case.model_dump_json(indent=2)):
        headers = {"Content-Type": "application/json"}
        answer = terminal.call("PUT", f"cases/{case.case_id}", data=body.encode(), headers=headers)
        assert CaseAnswer.model_validate(answer.json()).content_sha256 == sha256(body.encode())


def test_other_content_under_the_same_id_is_a_conflict(terminal: TestTerminal) -> None:
    case = proof_case()
    first = answer_of(terminal, case)
    changed = case.model_copy(update={"receipt_number": "A01-20261121-0002"})
    assert put_case(terminal, changed).status_code == 409
    assert answer_of(terminal, case) == first


def test_a_case_waits_for_its_uploads_and_is_then_accepted(terminal: TestTerminal, platform: RunningPlatform) -> None:
    scan, signed = b"%PDF-1.7 letter" + uuid4().bytes, signed_letter(terminal)
    case, picture = subsidy_case(scan, signed), signed.pdf
    waiting = answer_of(terminal, case)
    assert (waiting.state, waiting.missing) == (CaseState.RECEIVED, [sha256(scan), sha256(picture)])
    assert (waiting.case_number, waiting.accepted_at) == ("", None)
    upload(terminal, case.case_id, scan)
    assert answer_of(terminal, case).missing == [sha256(picture)]
    upload(terminal, case.case_id, picture)
    accepted = answer_of(terminal, case)
    assert (accepted.state, accepted.missing, accepted.certificate) == (CaseState.ACCEPTED, [], None)
    assert accepted.due_at is not None and accepted.accepted_at is not None
    assert accepted.due_at == due_date(accepted.accepted_at, 5)
    shown = platform.operator(f"cases/{case.case_id}").json()
    assert shown["state"] == "05"
    assert shown["case"]["answers"][0]["shown"] == "81"
    assert {part["sha256"]: part["size"] for part in shown["materials"]} == {
        sha256(scan): len(scan),
        sha256(picture): len(picture),
    }
    material = platform.operator(f"cases/{case.case_id}/materials/{sha256(scan)}")
    assert (material.content, material.headers["Content-Type"]) == (scan, "application/pdf")
    assert platform.operator(f"cases/{uuid4()}/materials/{sha256(scan)}").status_code == 404


def test_an_upload_for_one_case_is_not_held_for_another(terminal: TestTerminal) -> None:
    scan = uuid4().bytes
    first, second = subsidy_case(scan), subsidy_case(scan)
    upload(terminal, first.case_id, scan)
    assert answer_of(terminal, second).missing == [sha256(scan)]


def test_numbers_stay_unique_when_cases_come_together(terminal: TestTerminal) -> None:
    cases = [proof_case() for _ in range(12)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda case: answer_of(terminal, case), cases + cases))
    assert answers[:12] == answers[12:]
    assert len({answer.case_number for answer in answers}) == 12
    assert len({answer.certificate.number for answer in answers if answer.certificate}) == 12


@pytest.mark.parametrize(
    "fields",
    [{"task_code": "nothing"}, {"task_code": ADVICE}, {"release_version": 77}, {"terminal_id": "T-2"}],
    ids=["unknown item", "not at terminals", "unknown release", "another terminal"],
)
def test_a_case_that_cannot_be_taken_is_refused(terminal: TestTerminal, fields: dict[str, object]) -> None:
    case = proof_case(**fields)
    assert put_case(terminal, case).status_code == 422


def test_a_case_of_another_terminal_stays_its_own(
    terminal: TestTerminal, platform: RunningPlatform, tmp_path: Path
) -> None:
    case = proof_case()
    answer_of(terminal, case)
    other = TestTerminal(platform, "T-4", tmp_path)
    assert put_case(other, case.model_copy(update={"terminal_id": "T-4"})).status_code == 409


def test_a_malformed_case_is_refused_without_repeating_the_person(terminal: TestTerminal) -> None:
    case = proof_case(applicant=Person(name="赵不外传", number="370299196001010019"))
    broken = case.model_dump_json().replace('"release_version":1', '"release_version":"one"')
    headers = {"Content-Type": "application/json"}
    answer = terminal.call("PUT", f"cases/{case.case_id}", data=broken.encode(), headers=headers)
    assert answer.status_code == 422
    assert "release_version" in answer.text
    assert "赵不外传" not in answer.text


def test_the_list_of_cases_names_nobody(terminal: TestTerminal, platform: RunningPlatform) -> None:
    case = proof_case()
    answer_of(terminal, case)
    listed = platform.operator("cases?limit=5")
    assert str(case.case_id) in listed.text
    assert "李样本" not in listed.text
    assert len(listed.json()) <= 5


def test_nothing_of_a_person_is_in_the_logs(terminal: TestTerminal, platform: RunningPlatform) -> None:
    answer_of(terminal, proof_case())
    logs = "".join(path.read_text() for path in (platform.data / "nginx").glob("*.log"))
    assert "PUT /api/v1/cases/" in logs
    assert "李样本" not in logs and "370299198506070018" not in logs
