"""Lines of text as a picture, for characters no printer font has (rare characters in names).

A line is drawn whole, because GS v 0 stands on lines of its own. What no font of this
machine has becomes a box with its code point: somebody can look it up, and nobody takes it for another character.
"""

from __future__ import annotations

import contextlib
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont

from drivers.receipt_printer.characters import clusters, private, width
from drivers.receipt_printer.profile import CELL

HEIGHT = 24
LEADING = 6
_BASELINE = 0.9  # of the size; Noto's ascender is 1.16 em: its box starts above
_DARK = 140  # darker than this grey is a dot
# Face 7 of the collection is Noto Sans Mono CJK SC: half-width Latin, mainland forms.
# Hanazono has what Noto lacks, extensions B and beyond; DejaVu symbols, and alphabets of other countries.
_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf", 0),
    ("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf", 0),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 0),
)
_NOBODYS = "\U0010fffe"  # a code point that is never a character: its glyph is the font's "missing"
# Hexadecimal digits of 3 x 5 dots, a row an octal digit
_DIGITS = dict(
    zip(
        "0123456789ABCDEF",
        (
            "75557", "22222", "71747", "71717", "55711", "74717", "74757", "71111", "75757", "75717", "75755", "65656",
            "74447", "65556", "74747", "74744",
        ),
        strict=True,
    )
)  # fmt: skip


@cache
def _font(number: int, size: int) -> ImageFont.FreeTypeFont | None:
    path, index = _FONTS[number]
    with contextlib.suppress(OSError):  # not installed
        return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)
    return None


@cache
def _missing(number: int) -> tuple[tuple[int, int], bytes]:
    font = _font(number, HEIGHT)
    assert font is not None
    mask = font.getmask(_NOBODYS)
    return mask.size, bytes(mask)


@lru_cache(8192)
def _has(number: int, char: str) -> bool:
    """Whether the font has the character. Looking at its glyph takes 0.1 ms; reading Noto's whole table 1.4 s."""
    font = _font(number, HEIGHT)
    if font is None or private(char):
        return False
    mask = font.getmask(char)
    return (mask.size, bytes(mask)) != _missing(number)


def _font_for(cluster: str) -> int | None:
    """The first font that has every character of the cluster."""
    return next((number for number in range(len(_FONTS)) if all(_has(number, char) for char in cluster)), None)


def can_draw(cluster: str) -> bool:
    """Whether it is drawn as it is, not as a box with its code point."""
    return cluster.isspace() or _font_for(cluster) is not None


def _boxed(char: str, wide: int, scale: int) -> Image.Image:
    """The code point in two rows, in a frame."""
    code = f"{ord(char):04X}"
    half = (len(code) + 1) // 2
    box = Image.new("L", (wide, HEIGHT * scale), 255)
    draw = ImageDraw.Draw(box)
    draw.rectangle((0, 1, wide - 2, HEIGHT * scale - 2), outline=0)
    step = max(1, min((wide - 4) // (4 * half), 2 * scale))
    for row, digits in enumerate((code[:half], code[half:])):
        for place, digit in enumerate(digits):
            for line, bits in enumerate(_DIGITS[digit]):
                for column in range(3):
                    if int(bits, 8) & (4 >> column):
                        left = 2 + (place * 4 + column) * step
                        top = (3 + row * 11) * scale + line * 2 * scale
                        draw.rectangle((left, top, left + step - 1, top + 2 * scale - 1), fill=0)
    return box


def _paint(picture: Image.Image, left: int, cluster: str, wide: int, bold: bool, scale: int) -> None:
    number = _font_for(cluster)
    font = None if number is None else _font(number, HEIGHT * scale)
    if number is None or font is None:
        for place, char in enumerate(cluster):
            picture.paste(_boxed(char, wide // len(cluster), scale), (left + place * (wide // len(cluster)), 0))
        return
    length = font.getlength(cluster[0])
    if length > wide + 1:  # a letter of a font that is not made for columns
        font = _font(number, max(8, int(HEIGHT * scale * wide / length))) or font
        length = font.getlength(cluster[0])
    draw = ImageDraw.Draw(picture)
    start = left + max(0, round((wide - length) / 2))
    baseline = round(HEIGHT * scale * _BASELINE)
    for place, char in enumerate(cluster):
        box = font.getbbox(char, anchor="ls")
        # a mark stands over the middle of its character, wherever its font puts it
        where = start if place == 0 else left + round((wide - box[0] - box[2]) / 2)
        for offset in range(1 + bold):  # bold as printers make it: twice, one dot apart
            draw.text((where + offset, baseline), char, font=font, fill=0, anchor="ls")


def draw_line(text: str, dots: int, bold: bool = False, scale: int = 1, trim: bool = False) -> Image.Image:
    """One line as a black-on-white picture `dots` wide, each character in its columns; `trim` ends it with its ink."""
    picture = Image.new("L", (dots, HEIGHT * scale + LEADING), 255)
    left = 0
    for cluster in clusters(text):
        wide = max(1, width(cluster)) * CELL * scale
        if cluster != " ":
            _paint(picture, left, cluster, wide, bold, scale)
        left += wide
    picture = picture.point(lambda grey: 255 if grey > _DARK else 0)
    if not trim:
        return picture.convert("1")
    ink = picture.point(lambda grey: 255 - grey).getbbox()
    right = -(-ink[2] // 8) * 8 if ink else 8  # whole bytes
    return picture.crop((0, 0, min(right, dots), picture.height)).convert("1")
