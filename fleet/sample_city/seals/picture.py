"""A round red seal that says it is a sample; a real one's likeness would be a forgery."""

from __future__ import annotations

import io
from functools import cache
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFont

SIDE = 480
_RED = (196, 35, 28, 255)
_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
_AROUND = "海湾市示例电子印章无法律效力"


@cache
def seal_picture() -> bytes:
    """A PNG with a clear ground."""
    image = Image.new("RGBA", (SIDE, SIDE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((8, 8, SIDE - 8, SIDE - 8), outline=_RED, width=12)
    font, middle = ImageFont.truetype(_FONT, 54, 2), SIDE / 2
    for number, character in enumerate(_AROUND):
        angle = 1.5 * pi * (number / (len(_AROUND) - 1) - 0.5)
        letter = Image.new("RGBA", (80, 80), (255, 255, 255, 0))
        ImageDraw.Draw(letter).text((40, 40), character, _RED, font, anchor="mm")
        turned = letter.rotate(-angle * 180 / pi, Image.Resampling.BICUBIC)
        x, y = middle + 180 * sin(angle), middle - 180 * cos(angle)
        image.alpha_composite(turned, (round(x - 40), round(y - 40)))
    pen.text((middle, middle), "样", _RED, font.font_variant(size=110), anchor="mm")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
