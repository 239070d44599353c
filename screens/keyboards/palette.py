"""The keyboard's colours, in one place: the look's tokens, and three greys of its own."""

from __future__ import annotations

INK = "#0F1F2E"
QUIET = "#3F5164"
SURFACE = "#FFFFFF"
LINE = "#C9D3DC"
SEA = "#0B4F6C"
SEADEEP = "#073B52"
SEAWASH = "#E3F0F5"

TRAY = "#DCE4EB"  # behind the keys; ink on it 13:1
WORDKEY = "#D0DAE3"  # keys with a word on them; ink on it 11.8:1
UNDERKEY = "#C0CBD6"  # the lower edge of a key


def _is_filled(kind: str, selected: bool, pressed: bool) -> bool:
    return pressed or (selected and kind == "word")


def face(kind: str, selected: bool, pressed: bool) -> str:
    """The colour of a key; `kind` as in screens.keyboards.key.Key."""
    if _is_filled(kind, selected, pressed):
        return SEADEEP if selected and pressed else SEA
    if kind == "candidate":
        return SEAWASH if selected else SURFACE
    return WORDKEY if kind == "word" else SURFACE


def edge(kind: str, selected: bool, pressed: bool) -> str:
    """The colour of what surrounds a candidate or lies under a key."""
    if _is_filled(kind, selected, pressed):
        return SEADEEP
    if kind == "candidate":
        return SEA if selected else LINE
    return UNDERKEY


def text(kind: str, selected: bool, pressed: bool) -> str:
    """The colour of what stands on a key."""
    return SURFACE if _is_filled(kind, selected, pressed) else INK
