"""The bytes of the reader against the public tables: built here by hand, not by the codec."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import BadAnswer, CardUnreadable
from drivers.id_card import frames
from drivers.id_card import number as numbers
from drivers.id_card.codec import IdCard, decode_base, decode_base_fingerprint, decode_card, decode_new_address
from drivers.id_card.frames import Answer, Damaged, FrameDecoder
from drivers.id_card.sam_number import decode_sam_number
from drivers.id_card.status_words import StatusWordError, check
from drivers.nations import NATIONS

START = "AAAAAA9669"


@pytest.mark.parametrize(
    ("command", "parameter", "data", "frame"),
    [
        (0x10, 0xFF, b"", "000310FFEC"),
        (0x11, 0xFF, b"", "000311FFED"),
        (0x12, 0xFF, b"", "000312FFEE"),
        (0x20, 0x01, b"", "0003200122"),
        (0x20, 0x02, b"", "0003200221"),
        (0x30, 0x01, b"", "0003300132"),
        (0x30, 0x10, b"", "0003301023"),
        (0x30, 0x03, b"", "0003300330"),
        (0x60, 0x00, b"", "0003600063"),
        (0x60, 0x04, b"", "0003600467"),
        (0x61, 0xFF, b"\x50", "000461FF50CA"),
    ],
)
def test_requests_are_those_of_the_table(command: int, parameter: int, data: bytes, frame: str) -> None:
    assert frames.encode_request(command, parameter, data) == bytes.fromhex(START + frame)


def answers(data: bytes) -> list[Answer | Damaged]:
    return list(FrameDecoder().feed(data))


def test_answers_are_those_of_the_table() -> None:
    assert answers(bytes.fromhex(START + "000800009F0000000097")) == [Answer(b"\0\0\x9f", bytes(4))]
    assert answers(bytes.fromhex(START + "00040000" + "8084")) == [Answer(b"\0\0\x80", b"")]
    assert answers(bytes.fromhex(START + "000C000090" + "00" * 8 + "9C")) == [Answer(b"\0\0\x90", bytes(8))]
    assert answers(bytes.fromhex(START + "000400008185")) == [Answer(b"\0\0\x81", b"")]


def test_frames_come_in_pieces_and_after_noise() -> None:
    decoder = FrameDecoder()
    found: list[Answer | Damaged] = []
    for byte in b"\xaa\xaa\x00\xaa" + bytes.fromhex(START + "000400008084") * 2:
        found += decoder.feed(bytes([byte]))
    assert found == [Answer(b"\0\0\x80", b"")] * 2


def test_a_damaged_frame_is_named_and_the_next_one_is_found() -> None:
    good = bytes.fromhex(START + "000400008084")
    assert answers(good[:-1] + b"\x85" + good) == [Damaged("bad-checksum"), Answer(b"\0\0\x80", b"")]
    assert answers(bytes.fromhex(START + "FFFF") + good) == [Damaged("bad-length"), Answer(b"\0\0\x80", b"")]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=60) | st.just(bytes.fromhex(START)), max_size=12))
def test_no_bytes_break_the_decoder(pieces: list[bytes]) -> None:
    """Whatever came before, a good frame is found once enough bytes have followed."""
    decoder = FrameDecoder()
    for piece in pieces:
        list(decoder.feed(piece))
    good = bytes.fromhex(START + "00040000" + "8084")
    # a noise frame may swallow up to MAX_LENGTH bytes; then its checksum fails or it is complete
    found = list(decoder.feed(good * (frames.MAX_LENGTH // len(good) + 3)))
    assert Answer(b"\0\0\x80", b"") in found


@settings(deadline=None)
@given(st.binary(min_size=256, max_size=256))
def test_no_text_block_breaks_the_card(block: bytes) -> None:
    with contextlib.suppress(CardUnreadable):
        decode_card(block)


def block(**fields: tuple[int, str]) -> bytes:
    raw = bytearray(" ".encode("utf-16-le") * 128)
    for offset, text in fields.values():
        encoded = text.encode("utf-16-le")
        raw[offset : offset + len(encoded)] = encoded
    assert len(raw) == 256
    return bytes(raw)


RESIDENT = {
    "name": (0, "测试𠮷"),
    "sex": (30, "1"),
    "nation": (32, "05"),
    "birth": (36, "19900228"),
    "address": (52, "某省某市某区某路1号"),
    "number": (122, "11010119900228001X"),
    "authority": (158, "某市公安局"),
    "valid_from": (188, "20200101"),
    "valid_to": (204, "20400101"),
}


def test_a_resident_card() -> None:
    card = decode_base(b"\x01\x00\x04\x00" + block(**RESIDENT) + b"p" * 1024)
    assert card == IdCard(
        kind="resident",
        name="测试𠮷",
        sex="男",
        nation="维吾尔",
        birth=date(1990, 2, 28),
        address="某省某市某区某路1号",
        number="11010119900228001X",
        authority="某市公安局",
        valid_from=date(2020, 1, 1),
        valid_to=date(2040, 1, 1),
        photo=b"p" * 1024,
    )


def test_a_card_for_life_has_no_last_day() -> None:
    assert decode_card(block(**RESIDENT | {"valid_to": (204, "长期")})).valid_to is None


def test_a_hong_kong_resident_card() -> None:
    card = decode_card(
        block(**RESIDENT | {"nation": (32, "  "), "pass": (220, "H12345678"), "count": (238, "02"), "kind": (248, "J")})
    )
    assert (card.kind, card.nation, card.pass_number, card.issue_count) == ("J", "", "H12345678", "02")


def test_what_a_hong_kong_card_reserves_is_ignored() -> None:
    plain = RESIDENT | {"nation": (32, "  "), "pass": (220, "H12345678"), "count": (238, "02"), "kind": (248, "J")}
    reserved = plain | {"nation": (32, "01"), "rest": (242, "XYZ"), "last": (250, "XYZ")}
    assert decode_card(block(**reserved)) == decode_card(block(**plain))


def test_a_permanent_resident_card_of_2017() -> None:
    card = decode_card(
        block(
            english=(0, "TEST, PERSON"),
            sex=(120, "2"),
            number=(122, "XXX110090022801"),
            country=(152, "XXX"),
            name=(158, "测试"),
            valid_from=(188, "20200101"),
            valid_to=(204, "20300101"),
            birth=(220, "19900228"),
            version=(236, "01"),
            authority=(240, "1100"),
            kind=(248, "I"),
        )
    )
    assert (card.kind, card.english_name, card.name, card.sex) == ("I", "TEST, PERSON", "测试", "女")
    assert (card.number, card.country, card.authority) == ("XXX110090022801", "XXX", "1100")
    assert (card.birth, card.address, card.nation) == (date(1990, 2, 28), "", "")
    assert (card.version, card.valid_to, card.old_number) == ("01", date(2030, 1, 1), "")


def test_a_permanent_resident_card_of_2023_joins_the_two_parts_of_the_name() -> None:
    card = decode_card(
        block(
            name=(0, "测试"),
            sex=(30, "1"),
            count=(32, "01"),
            birth=(36, "19900228"),
            english=(52, "A" * 34 + " "),
            number=(122, "911999199002280016"),
            reserved=(158, "留作他用"),
            valid_from=(188, "20240101"),
            valid_to=(204, "20340101"),
            rest=(220, "B" * 11),
            country=(242, "XXX"),
            kind=(248, "Y"),
            association=(250, "018"),
        )
    )
    assert (card.kind, card.english_name, card.country) == ("Y", "A" * 34 + " " + "B" * 11, "XXX")
    assert (card.number, card.issue_count, card.association) == ("911999199002280016", "01", "018")
    assert (card.authority, card.address, card.nation) == ("", "", "")
    # weights 7 3 1: 7·33+3·33+33 for XXX, 7·1+3·1+0+7·1+3·9+0+0+3·2+2+7·8+3·8 for the rest: 495
    assert card.old_number == "XXX" + "11" + "01" + "900228" + "8" + "5"


@pytest.mark.parametrize(
    ("country", "number", "association", "old"),
    [
        ("XXX", "911999199002280016", "", ""),
        ("XXX", "911999199002280016", "01", ""),
        ("XXX", "9119991990022800", "018", ""),
        ("", "911999199002280016", "018", ""),
        ("xx1", "911999199002280016", "018", ""),
        # D and two fillers: 7·13 instead of the 363 of XXX: 223
        ("D", "911999199002280016", "018", "D<<110190022883"),
    ],
)
def test_an_old_number_needs_all_its_parts(country: str, number: str, association: str, old: str) -> None:
    assert numbers.old_number(country, number, association) == old


@pytest.mark.parametrize(
    ("kind", "number", "good"),
    [
        ("resident", "11010119900228001X", False),
        ("resident", "110101199002280038", False),
        ("resident", "37029919920318002X", True),
        ("resident", "37029919920318002x", False),
        ("Y", "911999199002280016", True),
        ("Y", "911999199002280017", False),
        ("Y", "37029919920318002X", False),
        ("I", "XXX110190022885", True),
        ("I", "XXX110190022882", False),
        ("I", "XXX11019002288", False),
        ("J", "", False),
    ],
)
def test_the_check_of_a_number(kind: str, number: str, good: bool) -> None:
    assert replace(decode_card(block(**RESIDENT)), kind=kind, number=number).number_checks is good


def test_there_are_all_nations() -> None:
    assert sorted(NATIONS) == [f"{code:02d}" for code in (*range(1, 57), 97, 98)]
    assert (NATIONS["01"], NATIONS["56"], NATIONS["98"]) == ("汉", "基诺", "外国血统中国籍人士")
    assert len(set(NATIONS.values())) == 58


@pytest.mark.parametrize(
    "change",
    [
        {"birth": (36, "19900230")},
        {"birth": (36, "1990022A")},
        {"number": (122, " " * 18)},
        {"name": (0, " " * 6)},
    ],
)
def test_a_card_that_makes_no_sense_is_unreadable(change: dict[str, tuple[int, str]]) -> None:
    with pytest.raises(CardUnreadable) as caught:
        decode_card(block(**RESIDENT | change))
    assert "1990" not in str(caught.value)


def test_lengths_that_lie_are_refused() -> None:
    for data in (
        b"",
        b"\x01\x00\x04",
        b"\x01\x00\x04\x00" + block(**RESIDENT),
        b"\x02\x00\x00\x00" + bytes(512),
    ):
        with pytest.raises(BadAnswer):
            decode_base(data)


def test_nothing_shows_the_person() -> None:
    data = b"\x01\x00\x04\x00" + block(**RESIDENT) + b"p" * 1024
    shown = repr(decode_base(data)) + repr(Answer(b"\0\0\x90", data))
    assert "测试" not in shown and "1990" not in shown and "ppp" not in shown


@pytest.mark.parametrize("size", [0, 512, 1024])
def test_a_fingerprint_is_passed_on_unread(size: int) -> None:
    data = b"\x01\x00\x04\x00" + size.to_bytes(2, "big") + block(**RESIDENT) + b"p" * 1024 + b"f" * size
    card = decode_base_fingerprint(data)
    assert (card.fingerprint, card.photo, card.name) == (b"f" * size, b"p" * 1024, "测试𠮷")
    assert card == replace(decode_base(b"\x01\x00\x04\x00" + data[6 : -size or None]), fingerprint=b"f" * size)
    with pytest.raises(BadAnswer):
        decode_base_fingerprint(data + b"f")


def address(text: str) -> bytes:
    return text.ljust(35).encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "newest"),
    [
        (address("某市新路2号"), "某市新路2号"),
        (address(""), ""),
        (b"", ""),
        (bytes(70), ""),
        (address("某市新路2号") + address("某市更新路3号"), "某市更新路3号"),
        (address("某市新路2号") + address(""), "某市新路2号"),
        (b"\x00\x46" + address("某市新路2号"), "某市新路2号"),
        ("某市新路2号".encode("utf-16-le"), "某市新路2号"),
        (address("某市新路2号")[:-1], "某市新路2号"),
    ],
)
def test_the_newest_address(data: bytes, newest: str) -> None:
    assert decode_new_address(data) == newest


def test_an_address_that_is_no_text() -> None:
    with pytest.raises(CardUnreadable):
        decode_new_address(b"\x00\xd8" * 35)


def test_the_current_address_is_the_newest_there_is() -> None:
    card = decode_card(block(**RESIDENT))
    assert card.new_address is None and card.current_address == card.address
    assert replace(card, new_address="").current_address == card.address
    assert replace(card, new_address="某市新路2号").current_address == "某市新路2号"


WORDS = {
    0x10: ("bad-checksum", "bad-checksum"), 0x11: ("bad-length", "unreadable"), 0x21: ("bad-command", "unreadable"),
    0x24: ("unknown-failure", "unreadable"), 0x31: ("card-rejected-sam", "rejected"),
    0x32: ("sam-rejected-card", "rejected"), 0x33: ("verification-failed", "rejected"),
    0x40: ("wrong-kind", "wrong-kind"), 0x41: ("read-failed", "unreadable"), 0x47: ("random-failed", "unreadable"),
    0x60: ("self-test-failed", "unreadable"), 0x66: ("sam-not-authorised", "unreadable"),
    0x80: ("no-card", "unreadable"), 0x81: ("not-selected", "unreadable"), 0x91: ("no-such-item", "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("sw3", range(256))
def test_every_status_word_is_an_error_of_its_own(sw3: int) -> None:
    answer = Answer(bytes((0x12, 0x34, sw3)), b"")
    if sw3 in (0x90, 0x9F):
        assert check(answer) is answer
        return
    with pytest.raises(StatusWordError) as caught:
        check(answer)
    error = caught.value
    assert (error.code, error.reason) == WORDS.get(sw3, ("unknown-status-word", "unreadable"))
    assert error.sw == answer.sw and error.sw_text == f"12 34 {sw3:02X}"
    assert (type(error) is StatusWordError) is (sw3 not in WORDS)


def test_the_echo_of_a_request_is_no_damage() -> None:
    assert answers(frames.FIND_CARD + bytes.fromhex(START + "000400008084")) == [Answer(b"\0\0\x80", b"")]


def test_a_frame_that_never_ends_gives_way_to_the_next() -> None:
    decoder = FrameDecoder()
    good = bytes.fromhex(START + "000400008084")
    assert list(decoder.feed(bytes.fromhex(START + "0508") + good)) == []
    assert list(decoder.give_up_half()) == [Answer(b"\0\0\x80", b"")]
    assert list(decoder.give_up_half()) == []


def test_the_number_of_a_sam() -> None:
    data = bytes.fromhex("05000100 872D3301 39300000 A6020000")
    assert decode_sam_number(data) == "05.01-20131207-0000012345-0000000678"
    with pytest.raises(BadAnswer):
        decode_sam_number(data[:15])


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_other_decoders(data: bytes) -> None:
    for decode in (decode_base, decode_base_fingerprint, decode_new_address, decode_sam_number):
        with contextlib.suppress(BadAnswer, CardUnreadable):
            decode(data)
