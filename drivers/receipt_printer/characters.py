"""Which characters the printer's own font has, as which bytes, and how wide each is on paper.

GB18030 gives two bytes to what GBK has and to 80 characters more; all else has four, and no printer font known here
has it: it is drawn (raster.py). Python's codec is of the year 2000: 24 characters that got a Unicode place later are
private-use there. They are brought to their place first, so that a name means the same whoever wrote it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

# two bytes of GB18030 -> the character GB18030-2005 and -2022 say it is
_PLACED_LATER = {
    0xA6D9: 0xFE10, 0xA6DA: 0xFE12, 0xA6DB: 0xFE11, 0xA6DC: 0xFE13, 0xA6DD: 0xFE14, 0xA6DE: 0xFE15, 0xA6DF: 0xFE16,
    0xA6EC: 0xFE17, 0xA6ED: 0xFE18, 0xA6F3: 0xFE19, 0xFE51: 0x20087, 0xFE52: 0x20089, 0xFE53: 0x200CC, 0xFE59: 0x9FB4,
    0xFE61: 0x9FB5, 0xFE66: 0x9FB6, 0xFE67: 0x9FB7, 0xFE6C: 0x215D7, 0xFE6D: 0x9FB8, 0xFE76: 0x2298F, 0xFE7E: 0x9FB9,
    0xFE90: 0x9FBA, 0xFE91: 0x241FE, 0xFEA0: 0x9FBB,
}  # fmt: skip
_TWO_BYTES = {chr(place): code.to_bytes(2, "big") for code, place in _PLACED_LATER.items()}
# Python takes these two bytes of GB 2312 for a katakana dot and a bar, GBK for the dot and the dash people write.
_GB2312 = {"·": b"\xa1\xa4", "—": b"\xa1\xaa"}
_COMMANDS = re.compile("[\x00-\x1f\x7f]")
# The yen sign as GB18030 has it in one column takes four bytes; on every receipt it is the full-width one.
_CLEANED = {
    **{ord(code.to_bytes(2, "big").decode("gb18030")): chr(place) for code, place in _PLACED_LATER.items()},
    ord("¥"): "￥", ord("\t"): " ", 0xA0: " ", ord("\u2028"): "\n", ord("\u2029"): "\n", ord("\u0085"): "\n",
}  # fmt: skip
_ACCENTED = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u04ff\u1e00-\u1eff][\u0300-\u036f]+")
# Pick one form of the character before them; a font that has no such form shows the common one.
_FORMS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x180B, 0x180E))


def clean(text: str) -> str:
    """As it is to be printed: accents with their letters, and without control and format characters, so that a
    citizen's text never becomes a command. A half of a surrogate pair becomes U+FFFD, which is seen.
    """
    text = text.translate(_CLEANED).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(map(_seen, text))
    # only letters with accents: Unicode's composition would turn some of GBK's ideographs (U+F92C) into others
    return text if text.isascii() else _ACCENTED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


@lru_cache(65536)
def _seen(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    if (category in ("Cc", "Cf") and char != "\n") or any(ord(char) in forms for forms in _FORMS):
        return ""
    return char


def private(char: str) -> bool:
    """Private use: no font can know what it means."""
    return unicodedata.category(char) == "Co"


@lru_cache(65536)
def _bytes(char: str, font: str) -> bytes | None:
    if " " <= char <= "~":
        return char.encode()
    if font == "none" or private(char):
        return None
    try:
        later = (_TWO_BYTES if font == "gb18030-2byte" else _GB2312 if font == "gb2312" else {}).get(char)
        data = later or char.encode(font.removesuffix("-2byte"))
    except UnicodeEncodeError:
        return None
    return data if len(data) == 2 else None


def in_font(text: str, font: str) -> bytes | None:
    """The bytes of the text in Chinese mode; None if the font lacks one of its characters."""
    if font == "gbk" and not _COMMANDS.search(text):  # most lines, and eight times as fast
        try:
            return text.encode("gbk")
        except UnicodeEncodeError:
            return None
    parts = [_bytes(char, font) for char in text]
    return None if None in parts else b"".join(part for part in parts if part is not None)


@cache
def _columns(char: str) -> int:
    if char in _TWO_BYTES:
        return 2
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0  # stands on the character before it
    try:
        size = len(char.encode("gb18030"))
    except UnicodeEncodeError:
        return 1
    # what GB18030 writes with two bytes is printed full-width, also where Unicode is not sure
    return 2 if size == 2 or (size == 4 and unicodedata.east_asian_width(char) in "WFA") else 1


def width(text: str) -> int:
    """Half-width columns on paper."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def clusters(text: str) -> list[str]:
    """Characters with the marks that stand on them."""
    found: list[str] = []
    for char in text:
        if found and _columns(char) == 0:
            found[-1] += char
        else:
            found.append(char)
    return found
