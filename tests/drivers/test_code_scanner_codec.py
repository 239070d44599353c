"""Bytes and keys of scanners, whatever the pieces they come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.code_scanner.framing import ENDS, LONGEST, Framer
from drivers.code_scanner.text import as_text, is_clean
from drivers.code_scanner.typed import Typist
from drivers.errors import ConfigError
from drivers.input_device import DOWN, LOST, UP, KeyEvent
from drivers.simulators.wedge import strokes

END = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "etx": b"\x03", "tab": b"\t"}
codes = st.lists(
    st.binary(min_size=1, max_size=40).map(lambda b: b.translate(None, b"\r\n\t\x00\x02\x03")).filter(bool)
)


@given(codes, st.sampled_from(sorted(END)), st.lists(st.integers(1, 7), min_size=1), st.booleans())
def test_codes_come_out_whole_whatever_the_pieces(codes: list[bytes], end: str, sizes: list[int], auto: bool) -> None:
    stream = b"".join(code + END[end] for code in codes)
    framer, found = Framer("auto" if auto and end != "tab" else end), []
    while stream:
        size = sizes[len(stream) % len(sizes)]
        found += framer.feed(stream[:size])
        stream = stream[size:]
    assert found == codes
    assert framer.pause() == []


@given(st.binary(max_size=300), st.sampled_from(ENDS), st.integers(1, 50))
def test_anything_gives_codes_that_are_not_too_long(data: bytes, end: str, longest: int) -> None:
    framer = Framer(end, longest)
    found = framer.feed(data) + framer.pause()
    assert all(0 < len(code) <= longest for code in found)
    assert not framer.begun
    assert framer.feed(b"k" + END.get(end, b"")) + framer.pause() == [b"k"]


def test_what_ends_a_code() -> None:
    assert Framer().feed(b"\x02a\x03\r\nb\r\n\r\nc\rd\ne") == [b"a", b"b", b"c", b"d"]
    assert Framer("crlf").feed(b"BEGIN:VCARD\nFN:A\rB\nEND\r\n") == [b"BEGIN:VCARD\nFN:A\rB\nEND"]
    assert Framer("etx").feed(b"noise\x02one\r\ntwo\x03\r\n") == [b"one\r\ntwo"]
    silent = Framer("pause")
    assert silent.feed(b"one\rtwo") == [] and silent.begun and silent.pause() == [b"one\rtwo"]


def test_silence_ends_a_code_only_where_no_end_is_agreed() -> None:
    for end, found in (("auto", [b"half"]), ("cr", []), ("etx", [])):
        framer = Framer(end)
        framer.feed(b"half")
        assert framer.pause() == found and not framer.begun


def test_too_long_is_none_and_what_follows_is() -> None:
    framer = Framer("cr")
    assert framer.feed(b"x" * (LONGEST + 500)) == []
    assert framer.feed(b"x" * 500 + b"\rnext\r") == [b"next"]
    with pytest.raises(ConfigError):
        Framer("nonsense")


@given(st.text())
def test_text_in_utf8_is_itself(text: str) -> None:
    kept = text.removeprefix("\ufeff").rstrip("\r\n\0")
    assert as_text(text.encode()) == kept
    assert as_text(b"\xef\xbb\xbf" + kept.encode() + b"\0\r\n") == kept


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2))
def test_text_in_gb18030_is_itself_unless_it_is_utf8_too(text: str) -> None:
    data = text.encode("gb18030")
    try:
        assert as_text(data) == data.decode("utf-8")
    except UnicodeDecodeError:
        assert as_text(data) == text


@given(st.binary())
def test_any_bytes_are_some_text(data: bytes) -> None:
    assert as_text(data).encode("utf-8", "strict") is not None


def test_noise_is_not_clean() -> None:
    assert is_clean("办事\x1d01") and is_clean("a\nb")
    assert not any(map(is_clean, ("", " \r", "a\x00b", "a\x07", "\ufffd", "\x85")))


def typed(keys: list[tuple[int, int]], typist: Typist) -> list[str]:
    return [code for key, value in keys for code in typist.feed(KeyEvent(key, value))]


KEYS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=40)
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=9)
ENTER = [(28, DOWN), (28, UP)]


@given(KEYS, st.booleans(), st.booleans())
def test_what_the_keys_say(text: str, caps: bool, keypad: bool) -> None:
    assert typed(strokes(text, "unicode", caps, keypad) + ENTER, Typist()) == [text]


@given(CHINESE, st.sampled_from(["unicode", "utf8-bytes"]), KEYS)
def test_letters_by_number(chinese: str, others: str, plain: str) -> None:
    assert typed(strokes(plain + chinese + plain, others, False, False) + ENTER, Typist()) == [plain + chinese + plain]


@pytest.mark.parametrize("others", ["gbk", "gbk-bytes"])
def test_letters_by_their_gbk_bytes(others: str) -> None:
    text = "办事编号：370299，请到综合窗口"
    assert typed(strokes(text, others, False, False) + ENTER, Typist()) == [text]


@pytest.mark.parametrize("end", [28, 96, 15])
def test_enter_and_tab_end_a_code_and_so_does_silence(end: int) -> None:
    typist = Typist()
    assert typed([*strokes("one", "unicode", False, False), (end, DOWN), (end, UP)], typist) == ["one"]
    assert typed(strokes("two", "unicode", False, False), typist) == [] and typist.begun
    assert typist.pause() == ["two"] and not typist.begun
    assert typed(ENTER, typist) == []


def test_an_agreed_end_leaves_silence_and_other_keys_to_the_code() -> None:
    half = strokes("half", "unicode", False, False)
    typist, enter, tab = Typist(end="tab"), [(28, DOWN), (28, UP)], [(15, DOWN), (15, UP)]
    assert typed(half, typist) + typist.pause() == []
    assert typed([*half, *enter, *half, *tab], typist) == ["half\rhalf"]
    typist = Typist(end="cr")
    assert typed([*half, *tab, *half, *enter], typist) == ["half\thalf"]
    typist = Typist(end="pause")
    assert typed([*half, *enter, *half, *tab], typist) == [] and typist.pause() == ["half\rhalf\t"]


def test_lost_keys_cost_their_code_only() -> None:
    typist, keys = Typist(), strokes("LOST", "unicode", False, False)
    assert typed([*keys[:5], (LOST, UP), *keys[5:], *ENTER], typist) == []
    assert typed(strokes("next", "unicode", False, False) + ENTER, typist) == ["next"]


def test_too_many_keys_are_none() -> None:
    typist = Typist(longest=5)
    assert typed(strokes("123456", "unicode", False, False) + ENTER, typist) == []
    assert typed(strokes("12345", "unicode", False, False) + ENTER, typist) == ["12345"]


@given(st.lists(st.tuples(st.integers(-1, 800), st.integers(-1, 3)), max_size=200))
def test_any_keys_give_codes_and_pass(keys: list[tuple[int, int]]) -> None:
    typist = Typist(longest=20)
    found = typed(keys, typist) + typist.pause()
    assert all(len(code) <= 20 for code in found) and not typist.begun


def test_separators_of_gs1_codes() -> None:
    assert typed(strokes("0104\x1d21", "unicode", False, False) + ENTER, Typist()) == ["0104\x1d21"]
