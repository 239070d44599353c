"""Invisible text over the pictures of a PDF: found, marked and read aloud, never seen.

The font has one glyph for every character, much as Tesseract's has; what the characters are stands in its ToUnicode
map. The glyph is a filled square, never painted (render mode 3): were it empty, PDFium would drop upright lines and
those of one character, whose box has no width. The font is embedded, its widths agree, and .notdef is never shown, as
ISO 19005-2 (6.2.11) asks.
"""

from __future__ import annotations

import functools
import io
import math

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

from kiosk.documents.page_text import PageText, TextLine

#: Units to the em: every glyph is as wide as it is high.
_EM = 1000
_NAME = "Glyphless"
#: Characters without meaning on a page, which OCR may still say.
_CONTROL = dict.fromkeys(range(32))


class TextLayer:
    """The text of one document's pages. `add` each, then `embed` once."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self._document = document
        self._codes: dict[str, int] = {}
        self._font: pikepdf.Dictionary | None = None

    def add(self, page: pikepdf.Page, text: PageText) -> None:
        """Lay the lines over `page`, whose one picture `text` was read from."""
        commands = [self._line(line, _picture_area(page)) for line in text.in_picture()]
        shown = [command for command in commands if command]
        if not shown:
            return
        if self._font is None:
            self._font = self._document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font))
        resources = page.obj.Resources
        if "/Font" not in resources:
            resources.Font = pikepdf.Dictionary()
        resources.Font.Invisible = self._font
        page.contents_add(f"q BT 3 Tr {' '.join(shown)} ET Q".encode("ascii"))

    def embed(self) -> None:
        """Complete the font, once every line's characters are known."""
        if self._font is None:
            return
        make = self._document.make_stream
        file = make(_font_file())
        file.Length1 = len(_font_file())
        descriptor = pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=pikepdf.Name("/" + _NAME),
            Flags=4,
            FontBBox=[0, 0, _EM, _EM],
            ItalicAngle=0,
            Ascent=_EM,
            Descent=0,
            CapHeight=_EM,
            StemV=80,
            FontFile2=self._document.make_indirect(file),
        )
        descendant = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.CIDFontType2,
            BaseFont=pikepdf.Name("/" + _NAME),
            CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=self._document.make_indirect(descriptor),
            DW=_EM,
            # Glyph 1 for every code; code 0 is never used.
            CIDToGIDMap=self._document.make_indirect(make(b"\0\0" + b"\0\1" * len(self._codes))),
        )
        self._font.Subtype = pikepdf.Name.Type0
        self._font.BaseFont = pikepdf.Name("/" + _NAME)
        self._font.Encoding = pikepdf.Name("/Identity-H")
        self._font.DescendantFonts = pikepdf.Array([self._document.make_indirect(descendant)])
        self._font.ToUnicode = self._document.make_indirect(make(self._to_unicode()))

    def _line(self, line: TextLine, area: tuple[float, float, float, float]) -> str:
        """The commands that lay one line from the lower left to the lower right corner of its box."""
        characters = line.text.translate(_CONTROL)
        if not characters:
            return ""
        left, bottom, width, height = area
        points = [(left + x * width, bottom + (1 - y) * height) for x, y in line.corners]
        top_left, _, lower_right, lower_left = points
        length, size = math.dist(lower_left, lower_right), math.dist(lower_left, top_left)
        if length < 0.1 or size < 0.1:
            return ""
        cosine, sine = (
            (lower_right[0] - lower_left[0]) / length,
            (lower_right[1] - lower_left[1]) / length,
        )
        stretch = 100 * length / (size * len(characters))
        codes = "".join(f"{self._code(character):04X}" for character in characters)
        return (
            f"/Invisible {size:.2f} Tf {stretch:.2f} Tz"
            f" {cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {lower_left[0]:.2f} {lower_left[1]:.2f} Tm <{codes}> Tj"
        )

    def _code(self, character: str) -> int:
        return self._codes.setdefault(character, len(self._codes) + 1)

    def _to_unicode(self) -> bytes:
        pairs = [
            f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>" for character, code in self._codes.items()
        ]
        # A block has at most 100 entries (Adobe technical note 5014).
        blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
        mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{mapped}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


def _picture_area(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """Where on the page its picture lies: left, bottom, width, height in points."""
    for command in pikepdf.parse_content_stream(page, "cm"):
        if str(command.operator) == "cm":
            width, _, _, height, left, bottom = (float(part) for part in command.operands)
            return left, bottom, width, height
    raise ValueError("a page without a picture")


@functools.cache
def _font_file() -> bytes:
    """A TrueType font of .notdef and one square. The same bytes every time."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, _EM), (_EM, _EM), (_EM, 0)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({0x20: "square"})
    builder.setupGlyf({".notdef": Glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (_EM, 0), "square": (_EM, 0)})
    builder.setupHorizontalHeader(ascent=_EM, descent=0)
    builder.setupNameTable({"familyName": _NAME, "styleName": "Regular", "psName": _NAME})
    builder.setupOS2()
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    written = io.BytesIO()
    builder.font.save(written)
    return written.getvalue()
