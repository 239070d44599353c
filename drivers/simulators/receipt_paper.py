"""The paper of a simulated receipt printer: what was printed since the last cut, as text and as a picture."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import segno
from PIL import Image, ImageDraw, ImageFont

CELL, HEIGHT, LEADING = 12, 24, 6
MARGIN = 24  # white around the picture; the paper is wider than the head
NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
MONO_SC = 7


@dataclass
class Style:
    """How the next characters look."""

    align: int = 0  # 0 left, 1 middle, 2 right
    bold: bool = False
    wide: int = 1
    high: int = 1
    underline: bool = False


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(NOTO, HEIGHT, index=MONO_SC)


def columns(char: str) -> int:
    """Half-width columns of a character."""
    return 1 if char < "\x80" else 2 if unicodedata.east_asian_width(char) in "WFAN" else 1


class Paper:
    """Rows from top to bottom. Without `drawn` characters are counted and not drawn, which is fast."""

    def __init__(self, line_columns: int = 48, drawn: bool = True) -> None:
        self.width, self.drawn = line_columns * CELL, drawn
        self.pictures: list[Image.Image] = []
        self.rows: list[tuple[Image.Image, int]] = []
        self.text: list[str] = []

    def line(self, pieces: list[tuple[str, Style]]) -> None:
        """A line of text; an empty one feeds the paper."""
        self.text.append("".join(text for text, _ in pieces))
        if not self.drawn:
            self.feed(HEIGHT)
            return
        high = max((style.high for _, style in pieces), default=1)
        length = sum(columns(char) * CELL * style.wide for text, style in pieces for char in text)
        row = Image.new("L", (max(1, length), HEIGHT * high + LEADING), 255)
        left = 0
        for text, style in pieces:
            left = self._draw(row, left, text, style, high)
        self.rows.append((row, pieces[0][1].align if pieces else 0))

    def _draw(self, row: Image.Image, left: int, text: str, style: Style, high: int) -> int:
        font = _font()
        for char in text:
            wide = columns(char) * CELL
            cell = Image.new("L", (wide, HEIGHT + LEADING), 255)
            for offset in range(1 + style.bold):  # bold is printed twice, one dot apart
                ImageDraw.Draw(cell).text((offset, 22), char, font=font, fill=0, anchor="ls")
            # a printer makes large characters by doubling dots; here they are smoothed, to be pleasant to
            # look at
            cell = cell.resize((wide * style.wide, (HEIGHT + LEADING) * style.high), Image.Resampling.LANCZOS)
            row.paste(
                cell.crop((0, 0, cell.width, HEIGHT * style.high + LEADING)),
                (left, HEIGHT * (high - style.high)),
            )
            left += wide * style.wide
        return left

    def feed(self, dots: int) -> None:
        """Empty paper."""
        self.rows.append((Image.new("L", (1, max(1, dots)), 255), 0))

    def raster(self, picture: Image.Image, align: int) -> None:
        """A picture as it is."""
        self.text.append("[picture]")
        self.pictures.append(picture)
        self.rows.append((picture.convert("L"), align))

    def qr(self, data: bytes, module: int, error: str, align: int) -> None:
        """A QR code made by the printer."""
        try:
            shown = data.decode("utf-8")
        except UnicodeDecodeError:
            shown = data.hex()
        self.text.append(f"[QR: {shown}]")
        code = segno.make_qr(data, error=error, boost_error=False)
        size = len(code.matrix)
        small = Image.new("L", (size, size), 255)
        for y, line in enumerate(code.matrix):
            for x, dark in enumerate(line):
                if dark:
                    small.putpixel((x, y), 0)
        self.rows.append((small.resize((size * module, size * module), Image.Resampling.NEAREST), align))

    def picture(self) -> Image.Image:
        """The cut piece: white paper with its rows, on thermal white."""
        height = sum(row.height for row, _ in self.rows)
        paper = Image.new("L", (self.width + 2 * MARGIN, height + 2 * MARGIN), 252)
        top = MARGIN
        for row, align in self.rows:
            left = MARGIN + (0, (self.width - row.width) // 2, self.width - row.width)[align]
            paper.paste(row.point(lambda grey: min(252, grey + 30)), (max(0, left), top))
            top += row.height
        return paper
