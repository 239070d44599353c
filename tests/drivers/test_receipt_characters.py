"""Every character comes out: as bytes where the model's font has it, drawn where a font of this machine has it, as a
box with its code point elsewhere. Checked on the paper of the simulator, which takes GB18030 apart by itself.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from escpos.capabilities import CAPABILITIES
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.errors import ConfigError
from drivers.receipt_printer import Field, Heading, Qr, Receipt, ReceiptPrinter, Text, models
from drivers.receipt_printer.characters import clean, in_font, width
from drivers.receipt_printer.encode import encode_for
from drivers.receipt_printer.layout import wrap
from drivers.receipt_printer.profile import profile
from drivers.receipt_printer.raster import can_draw, draw_line
from drivers.receipt_printer.text_file import decode, read_receipt


def two_byte_area() -> list[tuple[bytes, str]]:
    """Every pair of bytes of GB18030 that is a character of everybody, by Python's own codec."""
    found = []
    for first in range(0x81, 0xFF):
        for second in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            pair = bytes((first, second))
            char = pair.decode("gb18030")
            if len(char) == 1 and (not "\ue000" <= char <= "\uf8ff" or clean(char) != char):
                found.append((pair, char))
    return found


def test_all_two_byte_characters_of_gb18030_round_trip(simulator, tmp_path: Path) -> None:
    area = two_byte_area()
    assert len(area) == 21872 + 24
    # not at the beginning of a line, where punctuation is not put
    lines = ["中" + "".join(char for _, char in area[start : start + 20]) for start in range(0, len(area), 20)]
    simulated = simulator(
        "receipt_printer", "--out", str(tmp_path / "out"), "--font", "gb18030", "--no-pictures", "--columns", "48"
    )
    printer = ReceiptPrinter(simulated.said["port"], model="epson-tm-t20ii", print_time=60)
    # spaces are all that is lost, at the end of a line
    outcome = printer.print(Receipt([Text(line) for line in lines]))
    assert (outcome.result, outcome.detail) == ("confirmed", "")
    printed = (tmp_path / "out" / "receipt-1.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in printed if line] == [line.rstrip() for line in lines]
    assert simulated("state")["unknown"] == []


def test_a_gb2312_font() -> None:
    assert in_font("艾力·买买提—￥", "gb2312") == "艾力·买买提—￥".encode("gbk")
    assert in_font("镕", "gb2312") is None and in_font("镕", "gbk") is not None
    assert in_font("a", "none") == b"a" and in_font("中", "none") is None
    assert in_font("a\x1b", "gbk") is None


def test_what_a_gbk_font_lacks_is_drawn(simulator, tmp_path: Path) -> None:
    beyond = [char for pair, char in two_byte_area() if in_font(clean(char), "gbk") is None]
    assert len(beyond) == 81 + 24 and "€" in beyond and "ǹ" in beyond
    four = ["𠮷", "㛃", "𬭚", "龦", "ｱ", "𫠝", "\u9fb4", "Ω̂"]  # extensions A, B, C and F, half-width kana
    simulated = simulator("receipt_printer", "--out", str(tmp_path / "out"), "--no-pictures")
    outcome = ReceiptPrinter(simulated.said["port"]).print(Receipt([Text(char) for char in [*beyond, *four]]))
    assert (outcome.result, outcome.detail) == ("confirmed", "")
    out = tmp_path / "out"
    text = (out / "receipt-1.txt").read_text(encoding="utf-8").split()
    assert text == ["[picture]"] * len(beyond + four)
    pictures = [Image.open(path).tobytes() for path in out.glob("receipt-1-picture-*.png")]
    assert len(pictures) == len(beyond + four)
    # 13 forms of vertical punctuation and the like look alike; a font's box for "missing" would make all alike
    assert len(set(pictures)) > 0.9 * len(pictures)
    assert all(can_draw(char) for char in [*map(clean, beyond), *four])


@pytest.mark.parametrize("text", ["\ue000", "\U00030000", "\ud800", "क", "\U000e0101", "\U0010ffff"])
def test_what_no_font_has_is_boxed_and_noted(text: str) -> None:
    encoded = encode_for(Receipt([Text("前" + text)]), profile())
    assert b"?" not in encoded.data.partition(b"\x1dv0")[0]
    if text == "\ud800":  # half a character: U+FFFD, which fonts have
        assert b"\x1dv0" in encoded.data
    else:
        assert encoded.substituted == 1
        assert (b"\x1dv0" in encoded.data) is (text != "\U000e0101")  # a form nobody tells apart: the common one


def test_boxes_say_which_character_it_is() -> None:
    drawn = {draw_line(char, 48).tobytes() for char in ("\ue000", "\ue001", "\U00030000", "\U00030001", "क")}
    assert len(drawn) == 5


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("¥5", "￥5"),  # its own byte form has four bytes; old printers show another character
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("\uf92c", "\uf92c"),  # an ideograph of GBK that Unicode's composition would replace
        ("\ue81e", "\u9fb4"),  # written by a codec of the year 2000
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\x1b@\x1d\x00\u200b\ufeff\x7f", "@"),
        ("葛\ufe00", "葛"),
    ],
)
def test_cleaning(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60), st.sampled_from(models()))
def test_no_text_becomes_a_command(text: str, model: str) -> None:
    """On every model the bytes outside of pictures are text and the commands of the encoder."""
    encoded = encode_for(Receipt([Text(text), Field("名", text)]), profile(model))
    data, known = encoded.data, (b"\x1b@", b"\x1c&", b"\x1c.", b"\x1bd", b"\x1dV", b"\n")
    while data:
        if data.startswith(b"\x1dv0"):
            data = data[8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little") :]
        elif data[0] >= 0x20:
            data = data[1:]
        else:
            command = next(known for known in known if data.startswith(known))
            data = data[len(command) + (command in (b"\x1bd", b"\x1dV")) :]


@settings(deadline=None)
@given(st.text(alphabet="中，a １é́𠮷\ue000?M", max_size=80), st.integers(8, 48))
@example("中中?" + "M" * 46, 48)  # a word that begins with what stands nowhere first, and fills the line
def test_lines_fit_with_marks_and_rare_characters(text: str, columns: int) -> None:
    lines = wrap(clean(text), columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")


def test_a_narrow_printer_gets_narrow_lines_and_codes(simulator, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path / "out"), "--columns", "32")
    receipt = Receipt([Heading("受理凭证办理结果通知"), Text("中" * 20), Field("姓名", "张𠮷"), Qr("x" * 190)])
    encoded = encode_for(receipt, profile("generic-58"))
    assert b"\x1dV" not in encoded.data and b"\x1d(k" not in encoded.data  # it has neither a cutter nor codes
    outcome = ReceiptPrinter(simulated.said["port"], model="generic-58").print(receipt)
    assert outcome.result == "confirmed"
    rest = encoded.data
    while (place := rest.find(b"\x1dv0")) >= 0:
        assert int.from_bytes(rest[place + 4 : place + 6], "little") <= 384 // 8
        rest = rest[place + 4 :]


def test_drawn_lines_end_with_their_ink_on_slow_lines() -> None:
    receipt = Receipt([Field("姓名", "张𠮷")])
    assert len(encode_for(receipt, profile(), trim=True).data) < len(encode_for(receipt, profile()).data) / 2


@pytest.mark.parametrize("model", models())
def test_profiles_agree_with_python_escpos(model: str) -> None:
    named = CAPABILITIES["profiles"][profile(model).escpos]
    assert profile(model).source
    if profile(model).escpos == "default":
        return
    assert named["media"]["width"]["pixels"] == profile(model).dots
    features = named["features"]
    assert (profile(model).cutter != "none") is (features["paperFullCut"] or features["paperPartCut"])
    assert (profile(model).qr == "native") is features["qrCode"]
    assert features["bitImageRaster"], "rare characters could not be drawn"


def test_a_model_nobody_described() -> None:
    with pytest.raises(ConfigError, match="generic-80"):
        ReceiptPrinter("tcp://127.0.0.1:9", model="nonsense")


def test_text_files() -> None:
    text = "# 测试\r\n---\n姓名：测试甲\n\n[QR: abc]\n谢谢"
    for data in (text.encode(), text.encode("utf-8-sig"), text.encode("gb18030")):
        kinds = [type(line).__name__ for line in read_receipt(data).lines]
        assert kinds == ["Heading", "Rule", "Text", "Feed", "Qr", "Text"]
    assert decode(b"") == ""
    with pytest.raises(ValueError, match="neither"):
        read_receipt(b"\xff\xfe\x00")
