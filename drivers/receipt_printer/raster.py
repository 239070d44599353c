"""Lines of text as a picture, for characters no printer font has (rare characters in names)."""

from __future__ import annotations

from functools import cache

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from drivers.receipt_printer.layout import COLUMNS, width

CELL = 12  # dots of a half-width column
HEIGHT = 24
LEADING = 6
# Face 7 of the collection is Noto Sans Mono CJK SC: half-width Latin, mainland forms.
# Hanazono has what Noto lacks: extensions B and beyond.
_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf", 0),
    ("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf", 0),
)


@cache
def _characters(number: int) -> frozenset[int]:
    path, index = _FONTS[number]
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _font(number: int, size: int) -> ImageFont.FreeTypeFont:
    path, index = _FONTS[number]
    return ImageFont.truetype(path, size, index=index)


def _font_for(char: str, size: int) -> ImageFont.FreeTypeFont:
    for number in range(len(_FONTS)):
        if ord(char) in _characters(number):
            return _font(number, size)
    return _font(0, size)


def draw_line(text: str, bold: bool = False, scale: int = 1) -> Image.Image:
    """One line as a black-on-white picture as wide as the paper, each character in its columns."""
    size = HEIGHT * scale
    picture = Image.new("L", (COLUMNS * CELL, size + LEADING), 255)
    draw = ImageDraw.Draw(picture)
    left = 0
    for char in text:
        # Noto's ascender is 1.16 em: its box starts above; the baseline stands at 0.86 of the size
        for offset in range(1 + bold):  # bold as printers make it: twice, one dot apart
            draw.text((left + offset, round(size * 0.9)), char, font=_font_for(char, size), fill=0, anchor="ls")
        left += width(char) * CELL * scale
    return picture.point(lambda grey: 255 if grey > 140 else 0).convert("1")
