"""Data objects, records and commands: properties that hold for every input."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadAnswer, CardUnreadable
from drivers.smart_card import bank, social_security, tlv
from drivers.smart_card.apdu import ALLOWED, Chip, Command, ForbiddenCommand
from drivers.smart_card.cards import BankCard, SocialSecurityCard, UnknownCard, from_values, to_values
from drivers.smart_card.social_security import (
    BIRTH,
    CARD_ID,
    CARD_RECORDS,
    EXPIRES,
    HOLDER_RECORDS,
    NAME,
    NATION,
    NUMBER,
    SEX,
    decode,
    value_of,
)

RECORDS = CARD_RECORDS + HOLDER_RECORDS
HOLDER = {NUMBER: b"11010519491231002X", NAME: "验甲".encode("gb18030").ljust(30, b"\0")}
tags = st.sampled_from([0x4F, 0x57, 0x5A, 0x84, 0x94, 0x9F38, 0x5F24, 0x9F66, 0xDF8101])
objects = st.lists(st.tuples(tags, st.binary(max_size=300)), max_size=6)


@given(objects)
def test_data_objects_read_back_as_written(given_objects: list[tuple[int, bytes]]) -> None:
    data = b"".join(tlv.encode(tag, value) for tag, value in given_objects)
    assert [(one.tag, one.value) for one in tlv.parse(data)] == given_objects
    nested = tlv.encode(0x6F, tlv.encode(0xA5, data))
    assert [(one.tag, one.value) for one in tlv.walk(nested)][2:] == given_objects


@given(objects, st.integers(1, 20))
def test_data_that_is_cut_off_is_never_taken(given_objects: list[tuple[int, bytes]], cut: int) -> None:
    data = tlv.encode(0x6F, b"".join(tlv.encode(tag, value) for tag, value in given_objects) + b"\x01" * 20)
    with pytest.raises(BadAnswer):
        tlv.parse(data[:-cut])


@given(st.binary(max_size=400))
def test_any_bytes_are_understood_or_refused(data: bytes) -> None:
    for read in (tlv.parse, tlv.walk, tlv.data_object_list, tlv.file_locator, bank.pdol_data, bank.masked_number):
        try:
            read(data)
        except (BadAnswer, CardUnreadable) as error:
            assert data.hex() not in str(error) or len(data) < 2


@given(st.integers(0, 0xFFFF), st.integers(0, 300))
def test_what_a_card_asks_of_the_terminal_has_the_length_it_asked(tag: int, length: int) -> None:
    assert len(bank.pdol_value(tag, length)) == length


def test_the_terminal_says_sane_things() -> None:
    assert bank.pdol_value(0x9F02, 6) == bytes(6)
    assert bank.pdol_value(0x9F1A, 2) == bank.pdol_value(0x5F2A, 2) == b"\x01\x56"
    assert bank.pdol_value(0x9F1A, 3) == b"\x00\x01\x56"
    assert bank.pdol_value(0x9F66, 4) == bytes.fromhex("26000080")
    assert any(bank.pdol_value(0x9F37, 8))
    assert bank.pdol_value(0xDF71, 4) == bytes(4)


def test_a_list_that_no_command_can_carry_is_refused() -> None:
    assert len(bank.pdol_data(tlv.encode(0x9F38, b"\x9f\x37\xfc"))) == 255
    with pytest.raises(BadAnswer):
        bank.pdol_data(tlv.encode(0x9F38, b"\x9f\x37\xfd"))


def check_digit(digits: str) -> str:
    return next(d for d in "0123456789" if not luhn(digits + d))


def luhn(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if place % 2 else int(digit)
        total += doubled // 10 + doubled % 10
    return total % 10


@given(st.text("0123456789", min_size=15, max_size=18), st.sampled_from([0x5A, 0x57]))
def test_a_bank_number_is_masked_at_once_and_checked(digits: str, tag: int) -> None:
    number = digits + check_digit(digits)

    def written(number: str) -> bytes:
        text = number if tag == 0x5A else f"{number}D2612220"
        return tlv.encode(0x70, tlv.encode(tag, bytes.fromhex(text + "F" * (len(text) % 2))))

    assert bank.masked_number(written(number)) == f"**** **** **** {number[-4:]}"
    wrong = digits + str((int(number[-1]) + 1) % 10)
    with pytest.raises(CardUnreadable) as raised:
        bank.masked_number(written(wrong))
    assert raised.value.code == "bad-checksum"
    assert digits not in str(raised.value)


@given(st.sampled_from(RECORDS), st.data())
def test_a_record_is_taken_with_and_without_its_header(record: social_security.Record, data: st.DataObject) -> None:
    value = data.draw(st.binary(min_size=record.length, max_size=record.length))
    head = bytes((record.tag, record.length))
    assert value_of(record, head + value) == value
    assert value_of(record, head + value + b"\0\xff") == value
    if value[:1] != head[:1]:
        assert value_of(record, value) == value
    assert value_of(record, bytes((record.tag + 1, record.length)) + value) is None


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_dates(day: date) -> None:
    card = decode(HOLDER | {BIRTH: bytes.fromhex(day.strftime("%Y%m%d"))})
    assert card.birth == day


@pytest.mark.parametrize("padding", ["FFFFFFFF", "00000000", "20151301", "2015FFFF", "201501AB"])
def test_no_date(padding: str) -> None:
    assert decode(HOLDER | {EXPIRES: bytes.fromhex(padding)}).expires is None


def test_padding_and_what_is_not_there_is_empty() -> None:
    card = decode(HOLDER)
    assert (card.number, card.name) == ("11010519491231002X", "验甲")
    assert (card.sex, card.nation, card.birth, card.card_id, card.region, card.version) == ("", "", None, "", "", "")
    padded = decode(HOLDER | {record: b"\xff" * record.length for record in RECORDS if record not in HOLDER})
    assert padded == decode(HOLDER | {record: bytes(record.length) for record in RECORDS if record not in HOLDER})
    assert (padded.card_id, padded.birthplace, padded.category) == ("", "", "")


def test_the_cards_own_number_is_hexadecimal_and_begins_with_its_region() -> None:
    card = decode(HOLDER | {CARD_ID: bytes.fromhex("320500D156000005200000000000000F")})
    assert (card.card_id, card.region) == ("320500D156000005200000000000000F", "320500")
    digits = decode(HOLDER | {CARD_ID: bytes.fromhex("320500123456FFFFFFFFFFFFFFFFFFFF")})
    assert (digits.card_id, digits.region) == ("320500123456", "320500")


def test_codes_become_words() -> None:
    card = decode(HOLDER | {SEX: b"1", NATION: b"\x56"})
    assert (card.sex, card.nation) == ("男", "基诺")
    assert decode(HOLDER | {SEX: b"9", NATION: b"\x77"}).nation == ""


def test_rare_characters_in_a_name() -> None:
    assert decode(HOLDER | {NAME: "𠮷䶮㛃".encode("gb18030").ljust(30, b"\0")}).name == "𠮷䶮㛃"
    with pytest.raises(CardUnreadable):
        decode(HOLDER | {NAME: b"\xff" * 30})
    with pytest.raises(CardUnreadable):
        decode(HOLDER | {NUMBER: bytes(18)})


@given(st.integers(0, 255), st.integers(0, 255))
def test_only_four_commands_can_be_made_at_all(cla: int, ins: int) -> None:
    assert {(0, 0xA4), (0, 0xB2), (0, 0xC0), (0x80, 0xA8)} == ALLOWED
    if (cla, ins) not in ALLOWED:
        with pytest.raises(ForbiddenCommand):
            Command(cla, ins, 0, 0)


def test_verify_and_authenticate_cannot_be_made() -> None:
    for ins in (0x20, 0x82, 0x88, 0xD6, 0xDC, 0x24, 0xCA):
        with pytest.raises(ForbiddenCommand):
            Command(0x00, ins, 0, 0)


def test_an_answer_without_an_end_is_refused() -> None:
    chip = Chip(lambda command: b"\x00" * 200 + b"\x61\xc8", t0=True)
    with pytest.raises(BadAnswer):
        chip.ask(Command(0x00, 0xB2, 1, 4, le=0))
    with pytest.raises(BadAnswer):
        Chip(lambda command: b"\x90", t0=True).ask(Command(0x00, 0xB2, 1, 4, le=0))


days = st.none() | st.dates()
words = st.text(max_size=12)


cards = (
    st.builds(SocialSecurityCard, words, words, birth=days, issued=days, expires=days, card_id=words, region=words)
    | st.builds(BankCard, words, st.just("unionpay"))
    | st.just(UnknownCard())
)


@given(cards)
def test_a_card_survives_the_pipe_and_is_not_shown(card: SocialSecurityCard | BankCard | UnknownCard) -> None:
    assert from_values(to_values(card)) == card
    assert repr(card) in ("SocialSecurityCard(…)", "BankCard(scheme='unionpay', …)", "UnknownCard()")
