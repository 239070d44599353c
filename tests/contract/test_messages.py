"""What both sides say: nothing unknown passes, nothing of a person shows, and what is written is read the same."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from pydantic import ValidationError

import contract
from contract.cases import Answer, Case, CaseAnswer, MaterialSent, Signature, Stroke
from contract.certificates import Certificate, FinishedDocument
from contract.codes import CaseState, LetterKind, LoginWay, Outcome, Satisfaction
from contract.identity import Company, CompanyRole, Helper, Person
from contract.items import Commitment, Situation
from contract.logins import (
    CodeCheck,
    Companies,
    CompaniesFor,
    DeviceAuthorization,
    HelperAnswer,
    HelperCheck,
    IdentityAnswer,
    Purpose,
    Refusal,
    SmsCheck,
    SmsRequest,
    SmsSent,
)
from contract.model import Message, Words
from contract.outcomes import Notice, OwedPaper
from contract.ratings import REASONS, Rating
from contract.releases import Release, SearchEntry, SearchIndex
from contract.terminals import DeviceReport, Heartbeat

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PERSON = Person(name="李样本", number="370299198506070018", birth=date(1985, 6, 7), address="海湾市测试路一百号")
CASE = Case(
    case_id=uuid4(), receipt_number="A01-1121-0001", terminal_id="T-1", task_code="x", item_name="参保证明打印",
    release_version=3, login=LoginWay.CITIZEN_CODE, applicant=PERSON, situations={"who": "self"},
    answers=[Answer(path="/data/a", label="姓名", value="李样本", shown="李样本")], instance="<data/>",
    materials=[MaterialSent(material_id="m", name="证", media_type="image/png", sha256="0" * 64, size=1, pages=1)],
    signatures=[Signature(kind=LetterKind.LATER, title="承诺书", document="…", document_sha256="0" * 64, signed_at=NOW,
                          picture_sha256="1" * 64, letter_sha256="2" * 64, letter_size=9, pdf_sha256="3" * 64,
                          pad_shape=3.0,
                          strokes=[Stroke(points=[(1.5, 2.0, 0), (3.0, 4.25, 16)])])],
    submitted_at=NOW,
)  # fmt: skip
COMPANY = Company(name="示例商贸有限公司", uscc="91370299MA0000001J", role=CompanyRole.HANDLER)
CERTIFICATE = Certificate(
    number="CB-26-000001", name=Words(zh="参保证明"), template="proof", holder="李样本", fields=[("姓名", "李样本")],
    authority="示例局", issued_at=NOW, code="6BF",
)  # fmt: skip
DOCUMENT = FinishedDocument(
    number="GJ-S-1", name=Words(zh="缴存证明"), media_type="application/ofd", sha256="0" * 64, size=1, holder="李样本",
    holder_number="3702**********0018", authority="示例局", issued_at=NOW, link="/documents/0.1.2",
)  # fmt: skip
MESSAGES: list[Message] = [
    CASE, PERSON, CERTIFICATE, DOCUMENT,
    CaseAnswer(case_id=CASE.case_id, state=CaseState.CONCLUDED, case_number="1", certificate=CERTIFICATE),
    CaseAnswer(case_id=CASE.case_id, state=CaseState.NOT_ACCEPTED, case_number="1", notice=Notice(
        outcome=Outcome.NOT_ACCEPTED, number="不受字〔2026〕000001号", title="不予受理通知书", case_number="1",
        item_name="参保证明打印", addressee="李样本", masked_number="3702**********0018", paragraphs=["不予受理。"],
        owed=[OwedPaper(material_id="m", name="证", reason="没有提交")], reason="理由", where="示例局",
        authority="示例局", issued_at=NOW)),
    CaseAnswer(case_id=CASE.case_id, state=CaseState.CONCLUDED, case_number="1", document=DOCUMENT),
    CodeCheck(raw="https://code.example.invalid/x", terminal_id="T", place="一楼", purpose=Purpose.LOGIN),
    IdentityAnswer(person=PERSON, checked_at=NOW),
    IdentityAnswer(refused=Refusal.USED, checked_at=NOW),
    SmsRequest(number=PERSON.number, mobile="13800000026"),
    SmsSent(challenge="c", expires_in=300, again_in=60),
    SmsCheck(challenge="c", code="123456"),
    CompaniesFor(number=PERSON.number),
    Companies(companies=[COMPANY]),
    HelperCheck(raw="https://code.example.invalid/h"),
    HelperAnswer(helper=Helper(id="H-1", name="周帮办", organisation="示例中心")),
    DeviceAuthorization(
        device_code="d", user_code="BCDF-GHJK", verification_uri="https://x.invalid/device",
        verification_uri_complete="https://x.invalid/device?user_code=BCDF-GHJK", expires_in=300,
    ),
    Rating(rating_id=uuid4(), case_id=CASE.case_id, task_code="x", terminal_id="T-1", satisfaction=Satisfaction.POOR,
           reasons=["207"], rated_at=NOW),
    Heartbeat(sent_at=NOW, release_version=1, outbox_waiting=0, outbox_parked=0,
              devices={"printer": DeviceReport(device="online", paper="low")}),
    Release(version=1, published_at=NOW, city=Words(zh="海湾市"), themes=[], departments=["d"],
            targets=["t"], certificate_keys=[]),
    SearchIndex(entries=[SearchEntry(task_code="x", title="低保", pinyin="di bao")]),
]  # fmt: skip


#: what of a person each of these holds must not show
PRIVATE = [
    m for m in MESSAGES if type(m).__name__ not in ("HelperAnswer", "Rating", "Heartbeat", "Release", "SearchIndex")
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_is_read_as_it_was_written(message: Message) -> None:
    assert type(message).model_validate_json(message.model_dump_json()) == message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_cannot_be_changed_and_takes_nothing_unknown(message: Message) -> None:
    with pytest.raises(ValidationError):
        setattr(message, next(iter(type(message).model_fields)), None)
    with pytest.raises(ValidationError):
        type(message).model_validate(message.model_dump() | {"surprise": 1})


def test_every_model_of_the_contract_is_strict() -> None:
    modules = [importlib.import_module(f"contract.{found.name}") for found in pkgutil.iter_modules(contract.__path__)]
    models = {
        model
        for module in modules
        for _, model in inspect.getmembers(module, inspect.isclass)
        if issubclass(model, Message)
    }
    assert len(models) > 20
    for model in models:
        assert (model.model_config["frozen"], model.model_config["extra"]) == (True, "forbid"), model


@pytest.mark.parametrize("shape", [repr, str, "{}".format, "{!r}".format])
@pytest.mark.parametrize("message", PRIVATE, ids=lambda message: type(message).__name__)
def test_nothing_of_a_person_shows_in_a_log(message: Message, shape: object) -> None:
    assert callable(shape)
    shown = shape(message) + shape([message])
    for secret in (
        "李样本",
        "370299198506070018",
        "海湾市测试路一百号",
        "code.example",
        "13800000026",
        "123456",
        "示例商贸",
    ):
        assert secret not in shown


def test_words_fall_back_to_chinese_where_a_translation_is_missing() -> None:
    assert [Words(zh="养老", en="Pension").in_language(one) for one in ("zh", "en", "fr")] == [
        "养老",
        "Pension",
        "养老",
    ]
    assert Words(zh="养老").in_language("en") == "养老"


def test_a_commitment_needs_a_paragraph_and_a_situation_two_choices() -> None:
    with pytest.raises(ValidationError):
        Commitment(title=Words(zh="承诺书"), paragraphs=[])
    with pytest.raises(ValidationError):
        Situation.model_validate(
            {"id": "who", "question": {"zh": "为谁？"}, "choices": [{"value": "self", "label": {"zh": "本人"}}]}
        )


def test_reason_codes_belong_to_one_level_each_and_begin_with_it() -> None:
    assert set(REASONS) == set(Satisfaction)
    codes = [(level, code) for level, reasons in REASONS.items() for code in reasons]
    assert len({code for _, code in codes}) == len(codes)
    assert all(code.startswith(level.value) for level, code in codes)
    assert all(text.strip() for reasons in REASONS.values() for text in reasons.values())


@pytest.mark.parametrize(("length", "taken"), [(150, True), (151, False)])
def test_a_comment_has_150_characters_at_most(length: int, taken: bool) -> None:
    sample = next(message for message in MESSAGES if isinstance(message, Rating))
    rating = sample.model_dump() | {"comment": "好" * length}
    if taken:
        assert len(Rating.model_validate(rating).comment) == 150
    else:
        with pytest.raises(ValidationError):
            Rating.model_validate(rating)
