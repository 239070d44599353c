"""Thirty receipt lines to bytes: ours beside python-escpos' own text() and beside a picture of every line."""

from __future__ import annotations

from escpos.printer import Dummy
from PIL import Image, ImageDraw, ImageFont

from benchmarks.figures import Figure, milliseconds
from drivers.receipt_printer.document import Field, Heading, Receipt, Rule, Text
from drivers.receipt_printer.encode import encode

TIMES = 40
# Invented. The names hold characters that no printer font has: 𠮷 (extension B), 䶮 and 㛃 (four bytes in GB18030).
_COMMON = [
    ("事项", "灵活就业人员参保登记"), ("受理号", "HW-2026-1121-000317"), ("办理人", "李明"),
    ("受理时间", "2026年11月21日 09:30"), ("办结期限", "三个工作日内，节假日顺延"), ("咨询电话", "0539-12345"),
    ("缴费金额", "￥1,475.00（壹仟肆佰柒拾伍元整）"),
]  # fmt: skip
_RARE = [("办理人", "𠮷㛃䶮"), ("代办人", "王㛃"), ("经办人", "赵䶮")]


def lines(rare: bool) -> list[tuple[str, str]]:
    """Thirty labels and values; three of them with rare characters if asked."""
    common = (_COMMON * 5)[: 27 if rare else 30]
    return [*common, *_RARE] if rare else common


def _ours(rare: bool) -> bytes:
    said = lines(rare)
    return encode(Receipt([Heading("受理通知书"), Rule(), *(Field(*line) for line in said[:28]), Text(said[28][1])]))


def _text(rare: bool) -> bytes:
    printer = Dummy()
    for label, value in lines(rare):
        printer.text(f"{label}：{value}\n")
    printer.cut()
    return bytes(printer.output)


def _pictures(rare: bool) -> bytes:
    font = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 24, index=7)
    printer = Dummy()
    printer.profile.profile_data["media"] = {"width": {"mm": 80, "pixels": 576}}
    for label, value in lines(rare):
        picture = Image.new("L", (576, 30), 255)
        ImageDraw.Draw(picture).text((0, 0), f"{label}：{value}", font=font, fill=0)
        printer.image(picture.convert("1"), center=False)
    printer.cut()
    return bytes(printer.output)


def run() -> list[Figure]:
    """Time and size, for receipts of common characters and with three rare names."""
    figures = []
    for rare in (False, True):
        what = "30 receipt lines, 3 rare names" if rare else "30 receipt lines"
        ours, size = milliseconds(lambda rare=rare: _ours(rare), TIMES)[0], len(_ours(rare)) / 1000  # type: ignore[misc]
        for name, peer in (("python-escpos text()", _text), ("python-escpos pictures", _pictures)):
            theirs = milliseconds(lambda peer=peer, rare=rare: peer(rare), TIMES)[0]  # type: ignore[misc]
            figures.append(Figure(f"{what} to bytes, median", ours, name, theirs, "ms"))
            figures.append(Figure(f"{what}, size", size, name, len(peer(rare)) / 1000, "kB"))
    return figures
