"""受理凭证 and 收件凭证: which lines stand on them, and that neither says more than is true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contract.cases import Case, CaseAnswer, MaterialSent, Signature
from contract.certificates import Certificate
from contract.codes import CaseState, LetterKind, LoginWay
from contract.identity import Person
from contract.items import ServiceItem
from contract.model import Words
from drivers.receipt_printer.document import Field, Heading, Qr, Receipt, Text
from kiosk.cases.assemble import assemble
from kiosk.cases.receipts import for_phone, on_screen, receipt
from kiosk.journey.visit_state import VisitState
from kiosk.words import say
from offline_cache.settings import Settings

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
SETTINGS = Settings("HW-0001", "A01", Words(zh="海湾市政务服务中心"), "一楼", "000-5550100", "https://localhost:1")
PICTURE = MaterialSent(
    material_id="signature", name="承诺书签名", media_type="image/png", sha256="ab" * 32, size=9, pages=1
)
SIGNATURE = Signature(
    kind=LetterKind.COMMITMENT, title="承诺书", document="承诺书", document_sha256="0" * 64, letter_sha256="1" * 64,
    letter_size=9, strokes=[], pad_shape=3.0, picture_sha256="2" * 64, pdf_sha256=PICTURE.sha256, signed_at=NOW,
)  # fmt: skip


@pytest.fixture
def case(item: ServiceItem, person: Person) -> Case:
    state = VisitState(person=person, login=LoginWay.ID_CARD, item="T-1", situations={"household": "local"})
    assert item.commitment is not None
    state.materials["photo"] = PICTURE.model_copy(update={"material_id": "photo", "name": "照片", "sha256": "cd" * 32})
    state.materials["letter-commitment"] = PICTURE
    state.signatures[LetterKind.COMMITMENT] = SIGNATURE
    return assemble(state, item, "HW-0001", "A01-1121-0007", 3, None, NOW)


def lines(document: Receipt) -> list[str]:
    """The texts, one a line."""
    shown = []
    for line in document.lines:
        match line:
            case Heading() | Text():
                shown.append(line.text)
            case Field():
                shown.append(f"{line.label} {line.value}")
            case Qr():
                shown.append(f"QR {line.text}")
    return shown


def answered(case: Case, **more: object) -> CaseAnswer:
    known = {"case_id": case.case_id, "state": CaseState.ACCEPTED, "case_number": "3702-1", "accepted_at": NOW}
    return CaseAnswer.model_validate(known | more)


def test_before_the_platform_answered(case: Case, item: ServiceItem) -> None:
    said = lines(receipt(case, item, SETTINGS, None))
    assert said[0] == "收件凭证" and "收件编号 A01-1121-0007" in said and "QR A01-1121-0007" in said
    assert any("还没有受理" in line for line in said) and not any("受理凭证" in line for line in said)
    assert "身份证号 3702 **** **** **** 2X" in said and "终端 HW-0001 一楼" in said
    assert [line for line in said if line[:3] in ("1. ", "2. ")] == [
        "1. 照片",
        f"2. {say('receipt.signed', title='承诺书')}",
    ]
    assert any("000-5550100" in line for line in said)


def test_once_accepted(case: Case, item: ServiceItem) -> None:
    due = datetime(2026, 11, 28, 15, 59, 59, tzinfo=UTC)
    said = lines(receipt(case, item, SETTINGS, answered(case, due_at=due)))
    assert said[0] == "受理凭证" and "办件编号 3702-1" in said and "QR 3702-1" in said
    assert f"承诺办结日期：{due.astimezone():%Y-%m-%d}" in said and not any("还没有受理" in line for line in said)


def test_once_concluded(case: Case, item: ServiceItem) -> None:
    certificate = Certificate(
        number="CB-26-1",
        name=Words(zh="证明"),
        template="t",
        holder="王示例",
        fields=[],
        authority="",
        issued_at=NOW,
        code="",
    )
    said = lines(receipt(case, item, SETTINGS, answered(case, certificate=certificate)))
    assert "已当场办结，结果：证明" in said


def test_without_papers_and_without_a_phone(case: Case, item: ServiceItem) -> None:
    bare = case.model_copy(update={"materials": [], "signatures": []})
    said = lines(receipt(bare, item, SETTINGS, None))
    assert not any("收到的材料" in line for line in said)


def test_nobody_can_submit_without_being_known(item: ServiceItem) -> None:
    with pytest.raises(ValueError, match="nobody is logged in"):
        assemble(VisitState(), item, "HW-0001", "A01-1121-0007", 3, None, NOW)


def test_a_case_shows_nobody_by_repr(case: Case) -> None:
    assert "王示例" not in f"{case} {case!r}"


def test_a_receipt_on_the_screen_says_what_the_paper_would(case: Case, item: ServiceItem) -> None:
    document = receipt(case, item, SETTINGS, answered(case))
    title, rows = on_screen(document)
    said = {text for row in rows for text in row}
    assert title == "受理凭证" and ("办件编号", "3702-1") in rows
    assert all(text in said for line in document.lines if isinstance(line, Text) for text in [line.text])


def test_what_a_phone_keeps_while_the_network_is_down_names_nobody(case: Case, item: ServiceItem) -> None:
    kept = for_phone(receipt(case, item, SETTINGS, None))
    assert kept.startswith("收件凭证\n") and case.receipt_number in kept and case.item_name in kept
    assert case.applicant.name not in kept and case.applicant.number[-4:] not in kept
    assert len(kept.encode()) <= 700, "a phone reads it from a screen"
