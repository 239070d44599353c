"""A receipt as ESC/POS bytes.

python-escpos writes pictures, QR codes, alignment and the cut. Text goes out by our own hand as GB18030 in Chinese mode
(FS & … FS .): python-escpos turns ，。￥ and rare characters into question marks.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import segno
from escpos import capabilities
from escpos.constants import QR_ECLEVEL_M
from escpos.printer import Dummy

from drivers.receipt_printer.characters import clean, clusters, in_font, width
from drivers.receipt_printer.document import Feed, Field, Heading, Line, Qr, Receipt, Rule, Text
from drivers.receipt_printer.layout import LABEL_COLUMNS, pad, wrap
from drivers.receipt_printer.profile import Profile, profile
from drivers.receipt_printer.raster import can_draw, draw_line

# python-escpos makes a folder for a copy of its table at each start, and leaves it behind.
if Path(capabilities.pickle_dir).parent == Path(tempfile.gettempdir()):
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)

_RESET = b"\x1b@"
_CHINESE, _LATIN = b"\x1c&", b"\x1c."
_DOUBLE, _SINGLE = b"\x1d!\x11", b"\x1d!\x00"
_BOLD, _NOT_BOLD = b"\x1bE\x01", b"\x1bE\x00"
_FORMS = re.compile("[\U000e0100-\U000e01ef]")  # "the other form of this ideograph": no font here knows others
_GAP = b"\x1bJ\x0e"  # 14 dots, half a line
# 6 dots a module prints version 10 (57 modules) 43 mm wide; a longer code is printed smaller to stay on the paper.
_QR_MODULE, _QR_SMALL_MODULE, _QR_SMALL_FROM = 6, 4, 200
_QR_QUIET = 8  # modules of white at both sides together
QR_MOST_BYTES = 700
# Lines one Feed may hold: a receipt is not a roll.
_MOST_FEED = 60
_LINE_DOTS = 30  # 1/6 inch at 180 dpi, 24 dots and the gap


@dataclass(frozen=True)
class Encoded:
    """`data` from reset to cut; `dots` is the length of the paper, at least; `substituted` counts characters that no
    font of this machine has, shown as a box with their code point, and forms of characters that no font tells apart.
    """

    data: bytes = field(repr=False)
    dots: int
    substituted: int


class _Bytes(Dummy):
    """Collects bytes; knows how wide the paper is, so that python-escpos does not complain for each picture."""

    def __init__(self, model: Profile, trim: bool) -> None:
        super().__init__(profile=model.escpos)
        self.model, self.trim = model, trim
        self.profile.profile_data = {
            **self.profile.profile_data, "media": {"width": {"mm": model.dots // 8, "pixels": model.dots}},
        }  # fmt: skip
        self.dots = 0
        self.substituted = 0

    def line(self, text: str, bold: bool = False, scale: int = 1) -> None:
        """One line that is known to fit."""
        chinese = in_font(text, self.model.font)
        self.dots += _LINE_DOTS * scale
        if chinese is not None:
            before, after = (_DOUBLE, _SINGLE) if scale == 2 else (_BOLD, _NOT_BOLD) if bold else (b"", b"")
            self._raw(before + _CHINESE + chinese + _LATIN + b"\n" + after)
        else:
            self.substituted += sum(not can_draw(cluster) for cluster in clusters(text))
            self.picture(draw_line(text, self.model.dots, bold, scale, self.trim))

    def picture(self, picture: object) -> None:
        """A picture at the left."""
        self.image(picture, impl="bitImageRaster", center=False, fragment_height=self.model.raster_rows)

    def text_of(self, text: str) -> str:
        """Cleaned, and what it lost by that counted."""
        self.substituted += len(_FORMS.findall(text))
        return clean(text)


def _heading(out: _Bytes, text: str) -> None:
    half = out.model.columns // 2
    for line in wrap(text, half):
        if in_font(line, out.model.font) is not None:
            out.set(align="center")
            out.line(line, scale=2)
            out.set(align="left")
        else:  # a raster stands at the left: its middle is made with spaces
            out.line(" " * ((half - width(line)) // 2) + line, scale=2)
    out._raw(_GAP)


def _field(out: _Bytes, label: str, value: str) -> None:
    columns = out.model.columns
    head = pad(label + "：", LABEL_COLUMNS)
    if width(head) > columns // 2:
        for line in wrap(label + "：", columns):
            out.line(line)
        head = " " * 4
    for number, line in enumerate(wrap(value, columns - width(head))):
        out.line((head if number == 0 else " " * width(head)) + line)


def _module(size: int, text: str, dots: int) -> int:
    """Dots of a QR module: so many that the code is read well and fits on the paper."""
    module = _QR_MODULE if size < _QR_SMALL_FROM else _QR_SMALL_MODULE
    if dots >= 512:
        return module
    code = segno.make_qr(text, error="m", boost_error=False, encoding="utf-8", mode="byte")
    return max(1, min(module, dots // (len(code.matrix) + _QR_QUIET)))


def _qr(out: _Bytes, text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise ValueError("a QR code holds whole characters") from None
    if not 0 < size <= QR_MOST_BYTES:
        raise ValueError(f"a QR code holds 1 to {QR_MOST_BYTES} bytes, not {size}")
    native = out.model.qr == "native"
    module = _module(size, text, out.model.dots)
    out._raw(_GAP)
    out.set(align="center")
    out.qr(text, ec=QR_ECLEVEL_M, size=module, native=native)
    out.set(align="left")
    out._raw(_GAP)
    out.dots += 57 * module


def _cut(out: _Bytes) -> None:
    if out.model.cutter == "none":
        out.print_and_feed(6)  # torn off by hand, above the last line
    else:
        out.cut("FULL" if out.model.cutter == "full" else "PART")
    out.dots += 6 * _LINE_DOTS


def _encode_line(out: _Bytes, line: Line) -> None:
    match line:
        case Heading(text):
            _heading(out, out.text_of(text))
        case Text(text, bold):
            for piece in wrap(out.text_of(text), out.model.columns):
                out.line(piece, bold)
        case Field(label, value):
            _field(out, out.text_of(label).replace("\n", " "), out.text_of(value))
        case Rule():
            out.line("─" * (out.model.columns // 2))
        case Qr(text):
            _qr(out, text)
        case Feed(lines):
            out._raw(b"\n" * max(0, min(lines, _MOST_FEED)))
            out.dots += _LINE_DOTS * max(0, min(lines, _MOST_FEED))


def encode_for(receipt: Receipt, model: Profile, trim: bool = False) -> Encoded:
    """All bytes of the receipt for a printer of this model. With `trim` drawn lines end with their ink: a name takes
    0.7 KB instead of 2.2, which on a line of 9600 baud is 1.5 s. Raises ValueError for a QR code too long to be read.
    """
    out = _Bytes(model, trim)
    out._raw(_RESET)
    for line in receipt.lines:
        _encode_line(out, line)
    _cut(out)
    return Encoded(bytes(out.output), out.dots, out.substituted)


def encode(receipt: Receipt) -> bytes:
    """The bytes for the default model. Raises ValueError for a QR code too long to be read."""
    return encode_for(receipt, profile()).data
