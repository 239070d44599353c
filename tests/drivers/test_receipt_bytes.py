"""Receipt bytes and layout, and the status parser, without a printer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.receipt_printer import Feed, Field, Heading, Qr, Receipt, Rule, Text
from drivers.receipt_printer.encode import encode
from drivers.receipt_printer.layout import width, wrap
from drivers.receipt_printer.status import AnswerDecoder, InTurn, RealTime, Unsolicited, parse
from drivers.status import DeviceState, PaperState


def chinese(text: str) -> bytes:
    return b"\x1c&" + text.encode("gb18030") + b"\x1c.\n"


def test_text_goes_out_as_gb18030_in_chinese_mode() -> None:
    data = encode(Receipt([Text("费用，￥12.50。")]))
    assert data.startswith(b"\x1b@" + chinese("费用，￥12.50。"))
    assert data.endswith(b"\x1dV\x00") and b"?" not in data


def test_each_line_has_its_command() -> None:
    data = encode(Receipt([Heading("受理凭证"), Text("粗", bold=True), Rule(), Qr("abc"), Feed(2)]))
    assert b"\x1ba\x01\x1d!\x11" + chinese("受理凭证") + b"\x1d!\x00\x1ba\x00" in data
    assert b"\x1bE\x01" + chinese("粗") + b"\x1bE\x00" in data
    assert chinese("─" * 24) in data
    assert b"\x1d(k\x06\x001P0abc\x1d(k\x03\x001Q0" in data
    assert b"\n\n\x1bd\x06" in data


def test_a_rare_character_is_drawn_and_the_lines_around_it_are_text() -> None:
    data = encode(Receipt([Text("前"), Field("姓名", "张𠮷"), Text("后")]))
    raster = b"\x1dv0\x00" + (72).to_bytes(2, "little") + (30).to_bytes(2, "little")
    assert chinese("前") + raster in data and chinese("后") in data
    assert "𠮷".encode("gb18030") not in data
    dots = data.split(raster)[1][: 72 * 30]
    assert sum(byte.bit_count() for byte in dots) > 300, "the line is empty"


def test_a_citizens_text_is_never_a_command() -> None:
    data = encode(Receipt([Text("a\x1b@b\x10\x14c\x1dV\x00d"), Field("\x1b", "\x1c."), Heading("\x1dV")]))
    assert chinese("a@bcVd") in data
    assert data.count(b"\x1dV") == 1


def test_a_code_nobody_could_read_is_refused() -> None:
    for text in ("", "x" * 701):
        with pytest.raises(ValueError, match="QR code"):
            encode(Receipt([Qr(text)]))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("abc", ["abc"]),
        ("", [""]),
        ("一\n二", ["一", "二"]),
        ("中" * 25, ["中" * 24, "中"]),
        ("中" * 24 + "。", ["中" * 23, "中。"]),
        ("中" * 23 + "word", ["中" * 23, "word"]),
        ("a" * 50, ["a" * 48, "aa"]),
        (
            "办事指南 please keep this receipt carefully for you",
            ["办事指南 please keep this receipt carefully for", "you"],
        ),
    ],
)
def test_wrapping(text: str, lines: list[str]) -> None:
    assert wrap(text) == lines


@settings(deadline=None)
@given(st.text(alphabet="中文，。ab 1—“”", max_size=300), st.integers(8, 48))
def test_no_line_is_too_long_and_nothing_is_lost(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=80))
def test_any_text_can_be_encoded(text: str) -> None:
    assert encode(Receipt([Text(text[:30]), Field("名", text)])).endswith(b"\x1dV\x00")


def test_answers_of_the_printer_are_told_apart() -> None:
    block = b"\x10\x00\x0c\x00"
    data = b"\x12" + block + b"\x0f" + b"\x11\x13" + block[:2] + b"\x16" + block[2:]
    assert list(AnswerDecoder().feed(data)) == [
        RealTime(0x12), Unsolicited(block), InTurn(0x0F), RealTime(0x16), Unsolicited(block),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "device", "detail", "paper", "usable"),
    [
        ((0x12, 0x12, 0x12, 0x12), DeviceState.ONLINE, "", PaperState.FULL, True),
        ((0x12, 0x12, 0x12, 0x1E), DeviceState.ONLINE, "paper-low", PaperState.LOW, True),
        ((0x1A, 0x32, 0x12, 0x7E), DeviceState.ONLINE, "paper-out", PaperState.OUT, False),
        ((0x1A, 0x16, 0x12, 0x12), DeviceState.USER_ERROR, "cover-open", PaperState.FULL, False),
        ((0x1A, 0x52, 0x1A, 0x12), DeviceState.HARDWARE_ERROR, "jam", PaperState.JAMMED, False),
        ((0x1A, 0x52, 0x32, 0x12), DeviceState.HARDWARE_ERROR, "error", PaperState.FULL, False),
        ((0x1A, 0x12, 0x12, 0x12), DeviceState.DEVICE_BUSY, "busy", PaperState.FULL, False),
    ],
)
def test_status(
    answers: tuple[int, int, int, int], device: DeviceState, detail: str, paper: PaperState, usable: bool
) -> None:
    status = parse(*answers)
    assert (status.device, status.detail, status.paper, status.usable) == (device, detail, paper, usable)
