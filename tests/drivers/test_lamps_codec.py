"""Modbus RTU frames of relay boards, by the specification's own examples and by properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadAnswer, ConfigError
from drivers.lamps import codec
from drivers.lamps.lights import PERIOD, Flash, Lights, lit, until_change
from drivers.simulators.lamps import framed

ANY = st.binary(max_size=60)
COIL = st.integers(0, 0xFFFF)


def test_frames_as_boards_document_them() -> None:
    # the manuals of eight-channel boards print these bytes
    assert codec.write_coil(1, 0, True) == bytes.fromhex("01 05 00 00 FF 00 8C 3A")
    assert codec.write_coil(1, 0, False) == bytes.fromhex("01 05 00 00 00 00 CD CA")
    assert codec.read_coils(1, 0, 8) == bytes.fromhex("01 01 00 00 00 08 3D CC")
    # Application Protocol V1.1b3, 6.1: coils 20-38 of unit 17, read as CD 6B 05
    request = codec.read_coils(0x11, 0x13, 0x13)
    data = codec.answer_to(request, framed(bytes.fromhex("11 01 03 CD 6B 05")))
    assert data is not None
    assert list(codec.coils(data, 0x13, 0x13).values())[:8] == [
        True, False, True, True, False, False, True, True,
    ]  # fmt: skip


@given(st.binary())
def test_the_checksum_is_the_simulators(data: bytes) -> None:
    assert data + codec.crc16(data) == framed(data)


@given(COIL, st.booleans(), ANY, ANY)
def test_an_answer_is_found_between_noise(coil: int, on: bool, before: bytes, after: bytes) -> None:
    request = codec.write_coil(9, coil, on)
    assert codec.answer_to(request, before + request + after) == request[2:6]


@given(st.integers(1, 20).flatmap(lambda n: st.lists(st.booleans(), min_size=n, max_size=n)), ANY, st.integers(0, 99))
def test_coils_come_back_as_they_are(states: list[bool], noise: bytes, first: int) -> None:
    packed = bytearray(-(-len(states) // 8))
    for at, on in enumerate(states):
        packed[at // 8] |= on << at % 8
    request = codec.read_coils(3, first, len(states))
    whole = framed(bytes([3, 1, len(packed)]) + packed)
    # an adapter's echo of the request and any half of the answer are no answer
    for half in range(len(whole)):
        assert codec.answer_to(request, request + whole[:half]) is None
    data = codec.answer_to(request, noise + request + whole)
    assert data is not None
    if not noise:
        assert list(codec.coils(data, first, len(states)).values()) == states


@given(st.integers(0, 47), st.integers(1, 255))
def test_a_flipped_bit_is_no_answer(at: int, flip: int) -> None:
    request = codec.read_coils(1, 0, 8)
    whole = bytearray(framed(b"\x01\x01\x01\xa5"))
    whole[at % len(whole)] ^= flip
    assert codec.answer_to(request, bytes(whole)) is None
    error = codec.damage(request, bytes(whole))
    assert error is not None and error.code in ("bad-checksum", "garbage")


def test_another_answer_than_asked_is_none() -> None:
    request = codec.write_coil(1, 2, True)
    for late in (codec.write_coil(1, 3, True), codec.write_coil(1, 2, False), codec.write_coil(2, 2, True)):
        assert codec.answer_to(request, late) is None
    assert codec.damage(request, request) is None, "only our own echo was heard"


@pytest.mark.parametrize(
    ("number", "code"), [(1, "no-such-function"), (2, "no-such-coil"), (6, "busy"), (99, "refused")]
)
def test_a_refusal_is_told(number: int, code: str) -> None:
    with pytest.raises(BadAnswer) as raised:
        codec.answer_to(codec.write_coil(1, 2, True), framed(bytes([1, 0x85, number])))
    assert raised.value.code == code


def test_wrong_requests_and_tables_are_refused() -> None:
    for wrong in (lambda: codec.write_coil(0, 1, True), lambda: codec.write_coil(1, 70000, True),
                  lambda: codec.read_coils(1, 0, 0), lambda: codec.read_coils(248, 0, 1)):  # fmt: skip
        with pytest.raises(ConfigError):
            wrong()
    for table in (
        {},
        {"a": "1"},
        {"a": True},
        {"a": -1},
        {"a": 1, "b": 1},
        {"a": 1, "a.red": 2},
        {"a.pink": 1},
        {".red": 1},
    ):
        with pytest.raises(ConfigError):
            Lights.named(table)
    with pytest.raises(BadAnswer):
        codec.coils(b"", 0, 1)


def test_a_lamp_of_several_colours_has_a_coil_each() -> None:
    lights = Lights.named({"camera.green": 2, "camera.red": 3, "cardReader": 0})
    assert lights.all == (0, 2, 3)
    assert lights.coil("camera", "red") == 3 and lights.coil("camera") == 2
    assert lights.coil("cardReader", "green") == 0, "a lamp of one colour has the one it has"
    for wrong in (("scanner", None), ("camera", "blue"), ("camera", "pink"), ("cardReader", "pink")):
        with pytest.raises(ConfigError):
            lights.coil(*wrong)


@given(st.sampled_from(list(PERIOD)), st.floats(0, 1000))
def test_a_flash_is_half_its_period_lit_and_told_when_it_changes(flash: Flash, seconds: float) -> None:
    left = until_change(flash, seconds)
    assert 0 < left <= PERIOD[flash] / 2
    assert lit(flash, seconds) != lit(flash, seconds + left + 1e-6)
    assert PERIOD[flash] > 1 / 3, "more than three flashes a second can hurt"
