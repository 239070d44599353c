"""Breaking lines of Chinese and English text.

Kivy breaks only at spaces, so a Chinese sentence with a number in it ("约 6 分钟…") breaks at the worst places.
Here a line may break between any two Chinese characters, never before closing or after opening punctuation.
"""

from __future__ import annotations

from functools import lru_cache

from kivy.core.text import Label as CoreLabel

from screens.fonts import font_of

_NOT_FIRST = set("，。、；：？！）》」』】〉”’…·,.;:?!)]}%℃")
#: height of a line of the typeface, in type sizes
LINE_HEIGHT = 1.448
#: a number in groups ("138 **** 0026") stays together
_NUMBER = set("0123456789*")
_NOT_LAST = set("（《「『【〈“‘([{¥￥")


@lru_cache(maxsize=64)
def _measurer(font: str, size: float, bold: bool) -> CoreLabel:
    return CoreLabel(font_name=font, font_size=size, bold=bold)


@lru_cache(maxsize=20_000)
def _advance(character: str, size: float, bold: bool) -> float:
    return float(_measurer(font_of(character), size, bold).get_extents(character)[0])


def measure(text: str, size: float, bold: bool = False) -> float:
    """Width of `text` on one line, in pixels; never less than what is drawn."""
    return sum(_advance(character, size, bold) for character in text)


def _wide(character: str) -> bool:
    return ord(character) >= 0x2E80


def _units(text: str) -> list[str]:
    """`text` cut into pieces that must stay on one line; a space stands at the end of its piece."""
    units: list[str] = []
    for character in text:
        last = units[-1] if units else ""
        glued = bool(last) and (
            character in _NOT_FIRST
            or character == " "
            or last[-1] in _NOT_LAST
            or (last[-1] != " " and not _wide(last[-1]) and not _wide(character))
            or (len(last) > 1 and last[-2] in _NUMBER and last[-1] == " " and character in _NUMBER)
        )
        if glued:
            units[-1] += character
        else:
            units.append(character)
    return units


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """`text` as lines no wider than `width`; its own line breaks are kept."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for unit in _units(paragraph):
            wide = measure(unit.rstrip(" "), size, bold)
            if line and used + wide > width:
                lines.append(line.rstrip(" "))
                line, used = "", 0.0
            if wide > width:
                for character in unit:
                    step = measure(character, size, bold)
                    if line and used + step > width:
                        lines.append(line)
                        line, used = "", 0.0
                    line, used = line + character, used + step
            else:
                line, used = line + unit, used + measure(unit, size, bold)
        lines.append(line.rstrip(" "))
    return lines


def balance(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """As `wrap`, with lines about equally long: for headings and centred text."""
    lines = wrap(text, width, size, bold)
    if len(lines) == text.count("\n") + 1:
        return lines
    narrow = width
    while narrow > width * 0.5:
        narrow *= 0.96
        tried = wrap(text, narrow, size, bold)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


def fit(text: str, size: float, bold: bool, width: float, height: float) -> float:
    """The type size, `size` or less down to six tenths, at which `text` wraps into `width` and `height`."""
    smallest = size * 0.6
    while size > smallest and len(wrap(text, width, size, bold)) * size * LINE_HEIGHT > height:
        size *= 0.95
    return size
