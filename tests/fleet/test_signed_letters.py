"""Signed letters: bound to text, letter, hand, moment and terminal; anything loose is refused with its reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from contract.cases import Case, CaseAnswer, Signature
from contract.codes import CaseState, LetterKind
from tests.fleet.running_platform import RunningPlatform, TestTerminal
from tests.fleet.sample_cases import put_case, sha256, signed_letter, subsidy_case, upload

SCAN = b"%PDF-1.7 a scanned letter"


def changed(case: Case, **fields: object) -> Case:
    [signature] = case.signatures
    return case.model_copy(update={"signatures": [signature.model_copy(update=fields)]})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"document": "另一份承诺书"}, "not bound"),
        ({"document": "别的", "document_sha256": sha256("别的".encode())}, "not the one of this item"),
        ({"kind": LetterKind.LATER}, "not the one of this item"),
        ({"pdf_sha256": "0" * 64}, "not among the materials"),
    ],
    ids=["loose text", "another text", "another kind", "no PDF"],
)
def test_a_record_that_is_not_bound_is_refused_at_once(
    terminal: TestTerminal, fields: dict[str, object], reason: str
) -> None:
    answer = put_case(terminal, changed(subsidy_case(SCAN, signed_letter(terminal)), **fields))
    assert answer.status_code == 422 and reason in answer.json()["detail"]
    assert "李样本" not in answer.text


def test_a_letter_signed_after_the_case_and_one_signed_twice(terminal: TestTerminal) -> None:
    signed = signed_letter(terminal)
    case = subsidy_case(SCAN, signed)
    late = case.model_copy(update={"submitted_at": signed.record.signed_at - timedelta(hours=1)})
    assert "after the case was submitted" in put_case(terminal, late).json()["detail"]
    twice = case.model_copy(update={"signatures": [signed.record, signed.record]})
    assert "signed twice" in put_case(terminal, twice).json()["detail"]


def held(terminal: TestTerminal, record: dict[str, object], pdf: bytes | None = None) -> str:
    """The reason a case is refused for once everything is held; its record and PDF are these."""
    signed = signed_letter(terminal)
    content = pdf if pdf is not None else signed.pdf
    digest = sha256(content)
    case = changed(subsidy_case(SCAN, signed), **{"pdf_sha256": digest, **record})
    materials = [*case.materials[:-1], case.materials[-1].model_copy(update={"sha256": digest, "size": len(content)})]
    case = case.model_copy(update={"materials": materials})
    assert put_case(terminal, case).status_code == 200
    for part in (SCAN, content):
        upload(terminal, case.case_id, part)
    answer = put_case(terminal, case)
    assert answer.status_code == 422, answer.text
    return str(answer.json()["detail"])


def test_a_pdf_that_is_not_what_its_record_says_is_refused(terminal: TestTerminal) -> None:
    assert "letter_sha256 differs" in held(terminal, {"letter_size": 77})
    assert "picture_sha256 differs" in held(terminal, {"picture_sha256": "0" * 64})
    assert "another text, letter or hand" in held(terminal, {"strokes": []})
    one = signed_letter(terminal)
    assert "another moment" in held(terminal, {"signed_at": one.record.signed_at - timedelta(days=1)})


def test_a_pdf_changed_or_signed_elsewhere_is_refused(
    terminal: TestTerminal, platform: RunningPlatform, tmp_path: Path
) -> None:
    signed = signed_letter(terminal)
    grown = signed.pdf + b"% more\n"
    fields = {name: getattr(signed.record, name) for name in Signature.model_fields if name != "pdf_sha256"}
    assert "changed-after" in held(terminal, fields, grown)
    other = signed_letter(TestTerminal(platform, "T-4", tmp_path))
    fields = {name: getattr(other.record, name) for name in Signature.model_fields if name != "pdf_sha256"}
    assert "by the terminal that sent it" in held(terminal, fields, other.pdf)


def test_a_genuine_letter_is_accepted(terminal: TestTerminal) -> None:
    signed = signed_letter(terminal)
    case = subsidy_case(SCAN, signed)
    put_case(terminal, case)
    for part in (SCAN, signed.pdf):
        upload(terminal, case.case_id, part)
    assert CaseAnswer.model_validate_json(put_case(terminal, case).content).state is CaseState.ACCEPTED
