"""The typeface: simplified Chinese in two weights, and other fonts for characters it lacks.

`python -m screens.fonts` makes the font files from the system's Noto CJK collections. Kivy opens only the first
face of a collection, which is the Japanese one (直 令 门 look wrong), so the Chinese face is extracted. Folders:
`$BIANMIN_FONTS`, else `<project>/build/fonts`.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

REGULAR = "NotoSansSC-Regular.otf"
BOLD = "NotoSansSC-Bold.otf"
SEAL = "NotoSerifSC-Seal.otf"
#: The face of simplified Chinese in the Noto CJK collections.
CHINESE_FACE = 2
COLLECTIONS = Path("/usr/share/fonts/opentype/noto")
#: Fonts for characters outside the typeface, tried in this order (Debian fonts-hanazono).
RARE = {"HanaMinA": "HanaMinA.ttf", "HanaMinB": "HanaMinB.ttf"}
RARE_FOLDER = Path("/usr/share/fonts/truetype/hanazono")
_ESCAPES = {"&": "&amp;", "[": "&bl;", "]": "&br;"}


def folder() -> Path:
    """Where the font files are, or will be made."""
    return Path(os.environ.get("BIANMIN_FONTS") or Path(__file__).parents[1] / "build" / "fonts")


def make(target: Path) -> None:
    """Extract the Chinese faces into `target`; files already there are kept.

    Raises FileNotFoundError when the system has no Noto CJK (Debian package fonts-noto-cjk).
    """
    if all((target / name).exists() for name in (REGULAR, BOLD, SEAL)):
        return
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    target.mkdir(parents=True, exist_ok=True)
    for name, collection in ((REGULAR, "NotoSansCJK-Regular.ttc"), (BOLD, "NotoSansCJK-Bold.ttc")):
        if not (target / name).exists():
            _save(TTFont(COLLECTIONS / collection, fontNumber=CHINESE_FACE), target / name)
    serif = COLLECTIONS / "NotoSerifCJK-Bold.ttc"
    if serif.exists() and not (target / SEAL).exists():
        font = TTFont(serif, fontNumber=CHINESE_FACE)
        subsetter = Subsetter(Options(notdef_outline=True))
        subsetter.populate(text="政")
        subsetter.subset(font)
        _save(font, target / SEAL)


def _save(font: object, path: Path) -> None:
    partial = path.with_suffix(f".{os.getpid()}.part")
    font.save(partial)  # type: ignore[attr-defined]
    partial.replace(path)


def register() -> None:
    """Give the typeface to every Kivy label (as "Roboto", Kivy's default), "Seal", and the rare fonts."""
    from kivy.core.text import LabelBase

    fonts = folder()
    make(fonts)
    LabelBase.register("Roboto", str(fonts / REGULAR), fn_bold=str(fonts / BOLD))
    seal = fonts / SEAL
    LabelBase.register("Seal", str(seal if seal.exists() else fonts / BOLD))
    for name in RARE:
        path = _rare_path(name)
        if path is not None:
            LabelBase.register(name, str(path))


def _rare_path(name: str) -> Path | None:
    for place in (folder(), RARE_FOLDER):
        if (place / RARE[name]).exists():
            return place / RARE[name]
    return None


def _coverage_file(font: Path) -> Path:
    return folder() / f"{font.stem}.coverage"


def _note_coverage(font: Path) -> None:
    """Write down which characters `font` has, a bit each: reading its tables at each start costs 35 MB and 0.3 s."""
    from fontTools.ttLib import TTFont

    bits = bytearray(0x110000 // 8)
    with TTFont(font, lazy=True) as opened:
        for code in opened.getBestCmap():
            bits[code >> 3] |= 1 << (code & 7)
    partial = _coverage_file(font).with_suffix(f".{os.getpid()}.part")
    partial.write_bytes(bits)
    partial.replace(_coverage_file(font))


@cache
def _coverage(font: Path) -> bytes:
    if not _coverage_file(font).exists():
        _note_coverage(font)
    return _coverage_file(font).read_bytes()


def has(font: Path, character: str) -> bool:
    """Whether the font file `font` can draw `character`."""
    code = ord(character)
    return bool(_coverage(font)[code >> 3] & 1 << (code & 7))


@cache
def font_of(character: str) -> str:
    """The registered font that can draw `character`: "Roboto" unless only a rare font has it."""
    if character < "\u3000" or has(folder() / REGULAR, character):
        return "Roboto"
    for name in RARE:
        path = _rare_path(name)
        if path is not None and has(path, character):
            return name
    return "Roboto"


def mark_rare(text: str) -> str:
    """Kivy markup that shows `text` as it is, with characters the typeface lacks in a font that has them."""
    parts = []
    for character in text:
        shown = _ESCAPES.get(character, character)
        font = font_of(character)
        parts.append(shown if font == "Roboto" else f"[font={font}]{shown}[/font]")
    return "".join(parts)


if __name__ == "__main__":
    make(folder())
    for made in (folder() / REGULAR, *filter(None, map(_rare_path, RARE))):
        _note_coverage(made)
    sys.stdout.write(f"{folder()}\n")
