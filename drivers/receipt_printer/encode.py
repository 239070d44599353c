"""A receipt as ESC/POS bytes.

python-escpos writes QR codes, pictures, alignment and the cut. Text goes out by our own hand as GB18030 in
Chinese mode (FS & … FS .): python-escpos turns ，。￥ and rare characters into question marks.
"""

from __future__ import annotations

from escpos.constants import QR_ECLEVEL_M
from escpos.printer import Dummy

from drivers.receipt_printer.document import Feed, Field, Heading, Line, Qr, Receipt, Rule, Text
from drivers.receipt_printer.layout import COLUMNS, LABEL_COLUMNS, clean, in_font, pad, width, wrap
from drivers.receipt_printer.raster import CELL, draw_line

_RESET = b"\x1b@"
_CHINESE, _LATIN = b"\x1c&", b"\x1c."
_DOUBLE, _SINGLE = b"\x1d!\x11", b"\x1d!\x00"
_BOLD, _NOT_BOLD = b"\x1bE\x01", b"\x1bE\x00"
_GAP = b"\x1bJ\x0e"  # 14 dots, half a line
# 6 dots a module prints version 10 (57 modules) 43 mm wide; a longer code is printed smaller to stay on the
# paper.
_QR_MODULE, _QR_SMALL_MODULE, _QR_SMALL_FROM = 6, 4, 200
QR_MOST_BYTES = 700


class _Bytes(Dummy):
    """Collects bytes; knows how wide the paper is, so that python-escpos does not complain for each
    picture."""

    def __init__(self) -> None:
        super().__init__()
        self.profile.profile_data["media"] = {"width": {"mm": 80, "pixels": COLUMNS * CELL}}

    def line(self, text: str, bold: bool = False, scale: int = 1) -> None:
        """One line that is known to fit."""
        if all(in_font(char) for char in text):
            before, after = (_DOUBLE, _SINGLE) if scale == 2 else (_BOLD, _NOT_BOLD) if bold else (b"", b"")
            self._raw(before + _CHINESE + text.encode("gb18030") + _LATIN + b"\n" + after)
        else:
            self.image(draw_line(text, bold, scale), impl="bitImageRaster", center=False)


def _heading(out: _Bytes, text: str) -> None:
    half = COLUMNS // 2
    for line in wrap(text, half):
        if all(in_font(char) for char in line):
            out.set(align="center")
            out.line(line, scale=2)
            out.set(align="left")
        else:  # a raster is as wide as the paper: its middle is made with spaces
            out.line(" " * ((half - width(line)) // 2) + line, scale=2)
    out._raw(_GAP)


def _field(out: _Bytes, label: str, value: str) -> None:
    head = pad(label + "：", LABEL_COLUMNS)
    if width(head) > COLUMNS // 2:
        out.line(wrap(label + "：")[0])
        head = " " * 4
    for number, line in enumerate(wrap(value, COLUMNS - width(head))):
        out.line((head if number == 0 else " " * width(head)) + line)


def _qr(out: _Bytes, text: str) -> None:
    size = len(text.encode())
    if not 0 < size <= QR_MOST_BYTES:
        raise ValueError(f"a QR code holds 1 to {QR_MOST_BYTES} bytes, not {size}")
    out._raw(_GAP)
    out.set(align="center")
    out.qr(text, ec=QR_ECLEVEL_M, size=_QR_MODULE if size < _QR_SMALL_FROM else _QR_SMALL_MODULE, native=True)
    out.set(align="left")
    out._raw(_GAP)


def _encode_line(out: _Bytes, line: Line) -> None:
    match line:
        case Heading(text):
            _heading(out, clean(text))
        case Text(text, bold):
            for piece in wrap(clean(text)):
                out.line(piece, bold)
        case Field(label, value):
            _field(out, clean(label).replace("\n", " "), clean(value))
        case Rule():
            out.line("─" * (COLUMNS // 2))
        case Qr(text):
            _qr(out, text)
        case Feed(lines):
            out._raw(b"\n" * lines)


def encode(receipt: Receipt) -> bytes:
    """All bytes of the receipt, from reset to cut. Raises ValueError for a QR code too long to be read."""
    out = _Bytes()
    out._raw(_RESET)
    for line in receipt.lines:
        _encode_line(out, line)
    out.cut()
    return bytes(out.output)
