"""From a card to a person: number, validity, kinds of card; and how a person is shown where others can see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from contract.codes import IdentityKind
from contract.identity import Person
from drivers.id_card.codec import IdCard
from kiosk.identity import CardProblem, greeting, masked_number, masked_text, person_from_card

TODAY = date(2026, 11, 21)
CARD = IdCard(
    kind="resident",
    name="王示例",
    sex="女",
    nation="汉",
    birth=date(1992, 3, 18),
    address="海湾市样板路17号",
    number="37029919920318002X",
    authority="海湾市公安局",
    valid_from=date(2020, 5, 1),
    valid_to=date(2040, 5, 1),
)


def test_a_card_becomes_a_person() -> None:
    # 370299 is no division of any table: cards keep withdrawn codes, so that is no reason to refuse one
    person = person_from_card(CARD, TODAY)
    assert (person.name, person.number, person.sex, person.nation) == ("王示例", CARD.number, "女", "汉")
    assert person.kind is IdentityKind.RESIDENT_CARD and person.birth == CARD.birth and person.mobile == ""


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("370299199203180020", "check digit"),
        ("370299199203180029", "check digit"),
        ("37029919920318002x", "a small x is not what cards carry"),
        ("370299199213180022", "month 13"),
        ("37029919920318", "too short"),
        ("370299920318002", "15 digits of the first generation"),
        ("", "nothing"),
        ("37029919920318002Ｘ", "full width"),
        ("ABCDEFGHIJKLMNOPQR", "letters"),
    ],
)
def test_a_wrong_number_does_not_identify(number: str, why: str) -> None:
    with pytest.raises(CardProblem) as problem:
        person_from_card(replace(CARD, number=number), TODAY)
    assert problem.value.reason == "bad-number", why
    assert not number or number not in str(problem.value)


def test_validity_is_that_of_the_day() -> None:
    last = replace(CARD, valid_to=TODAY)
    assert person_from_card(last, TODAY).name == "王示例"
    assert person_from_card(replace(CARD, valid_from=TODAY), TODAY).name == "王示例"
    assert person_from_card(replace(CARD, valid_to=None), TODAY).name == "王示例"
    for changed, reason in (
        ({"valid_to": date(2026, 11, 20)}, "expired"),
        ({"valid_from": date(2026, 11, 22)}, "not-yet-valid"),
    ):
        with pytest.raises(CardProblem) as problem:
            person_from_card(replace(CARD, **changed), TODAY)
        assert problem.value.reason == reason


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("J", "810000199203180028", IdentityKind.HONG_KONG_MACAO_TAIWAN),
        ("I", "AUS110192031800", IdentityKind.PERMANENT_RESIDENCE),
        ("Y", "911124199203180028", IdentityKind.PERMANENT_RESIDENCE),
    ],
)
def test_other_cards(kind: str, number: str, expected: IdentityKind) -> None:
    from stdnum.cn import ric

    if kind == "J":
        number = number[:17] + ric.calc_check_digit(number)
    card = replace(CARD, kind=kind, number=number)  # type: ignore[arg-type]
    assert person_from_card(card, TODAY).kind is expected


def test_the_address_is_the_newest_one_on_the_card() -> None:
    for newest, expected in ((None, CARD.address), ("", CARD.address), ("海湾市新样路2号", "海湾市新样路2号")):
        assert person_from_card(replace(CARD, new_address=newest), TODAY).address == expected


def test_nobody_is_shown_by_repr(person: Person) -> None:
    assert "王" not in repr(person) and person.number not in f"{CARD!r} {person}"


@pytest.mark.parametrize(
    ("name", "sex", "language", "greeted"),
    [
        ("王示例", "女", "zh", "王女士，您好"),
        ("李样本", "男", "zh", "李先生，您好"),
        ("欧阳样本", "男", "zh", "欧阳先生，您好"),
        ("阿依古丽", "", "zh", "阿依古丽，您好"),
        ("王示例", "女", "en", "Hello, Ms 王"),
    ],
)
def test_greeting(name: str, sex: str, language: str, greeted: str, person: Person) -> None:
    assert greeting(person.model_copy(update={"name": name, "sex": sex}), language) == greeted


def test_masks() -> None:
    assert masked_number("37029919920318002X") == "3702 **** **** **** 2X"
    for number in ("AUS110192031800", "H12345678"):
        masked = masked_number(number)
        assert len(masked) == len(number) and masked[2:-2] == "*" * (len(number) - 4)
    assert masked_text("37029919920318002X", "identity/number") == "3702 **** **** **** 2X"
    assert masked_text("13800000026", "") == "138 **** 0026"
    assert masked_text("13800000026", "identity/mobile") == "138 **** 0026"
    assert masked_text("1380000002", "") == "1380000002"
    assert masked_text("样板路17号", "identity/address") == "样板路17号"
