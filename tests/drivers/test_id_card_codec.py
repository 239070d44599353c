"""The bytes of the reader against the public tables: built here by hand, not by the codec."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import BadAnswer, CardUnreadable
from drivers.id_card import frames
from drivers.id_card.codec import IdCard, decode_base, decode_card
from drivers.id_card.frames import Answer, Damaged, FrameDecoder

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


def test_a_permanent_resident_card_of_2023_joins_the_two_parts_of_the_name() -> None:
    card = decode_card(
        block(
            name=(0, "测试"),
            sex=(30, "1"),
            count=(32, "01"),
            birth=(36, "19900228"),
            english=(52, "A" * 34 + " "),
            number=(122, "911999199002280011"),
            valid_from=(188, "20240101"),
            valid_to=(204, "20340101"),
            rest=(220, "B" * 11),
            country=(242, "XXX"),
            kind=(248, "Y"),
        )
    )
    assert (card.kind, card.english_name, card.country) == ("Y", "A" * 34 + " " + "B" * 11, "XXX")
    assert (card.number, card.issue_count) == ("911999199002280011", "01")


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
