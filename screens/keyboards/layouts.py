"""Where every key lies: rows of ten units, and the arithmetic that turns them into rectangles. No Kivy here.

Lengths in design pixels, from the sketch: keys 102 high, 12 between keys of a row, 16 between rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT, TALL = 1080, 636, 860
SIX_ROWS = 755  # the rows of HEIGHT, and one more of the same height
EDGE, TOP, BOTTOM = 24, 20, 28
GAP, ROW_GAP = 12, 16
BAR = 112  # the row of candidates, or of digits
UNITS = 10

Row = Sequence[tuple[str, float]]


class Place(NamedTuple):
    """The rectangle of one key, its lower left corner measured from the keyboard's."""

    name: str
    x: float
    y: float
    width: float
    height: float


def _even(names: Sequence[str], units: float = 1) -> Row:
    return [(name, units) for name in names]


#: The ways from one layout to another, in the same place in all of them.
_MODES: Row = [
    ("123", 1.1),
    ("pinyin", 1.15),
    ("handwriting", 1.15),
    ("rare", 1.5),
    ("space", 2.75),
    ("latin", 1.15),
    ("symbols", 1.2),
]
_LETTERS: Sequence[Row] = (
    _even("qwertyuiop"),
    [("", 0.5), *_even("asdfghjkl"), ("", 0.5)],
    [("shift", 1.5), *_even("zxcvbnm"), ("backspace", 1.5)],
    _MODES,
)
_THIRD = UNITS / 3
#: nothing but digits, as large as they can be
_PAD: Sequence[Row] = (_even("123", _THIRD), _even("456", _THIRD), _even("789", _THIRD))
_RARE_WAYS: Row = [("parts", _THIRD), ("sound", _THIRD), ("code", _THIRD)]
_CANDIDATES: Row = [("candidates", UNITS)]

#: How many keys with a part there are, before the one that shows more.
PART_KEYS = 29
#: Keys that span rows: the rows below leave their place empty.
SPANS = {"pad": 4}

#: The first row of each is the bar above the keys; "candidates" stands for whatever the engine offers.
LAYOUTS: dict[str, Sequence[Row]] = {
    "pinyin": (_CANDIDATES, *_LETTERS),
    "latin": (_even("1234567890"), _even("@.-_/:'!?&"), *_LETTERS),
    "symbols": (
        _even("，。、？！：；·…—"),
        _even("“”‘’（）《》【】"),
        _even("-/.,:@#_+="),
        [*_even("*%&()~￥°"), ("backspace", 2)],
        _MODES,
    ),
    "handwriting": (
        _CANDIDATES,
        [("pad", 8), ("undo", 2)],
        [("", 8), ("clear", 2)],
        [("", 8), ("·", 2)],
        [("", 8), ("backspace", 2)],
        _MODES,
    ),
    "rare_parts": (
        _CANDIDATES,
        [("parts", 2.6), ("sound", 2.6), ("code", 2.6), ("backspace", 2.2)],
        [("strokes:often", 1.2), *_even([f"strokes:{count}" for count in range(2, 10)], 1.1)],
        _even([f"part:{index}" for index in range(10)]),
        _even([f"part:{index}" for index in range(10, 20)]),
        [*_even([f"part:{index}" for index in range(20, 29)]), ("parts_more", 1)],
        _MODES,
    ),
    "rare_sound": (
        _CANDIDATES,
        _RARE_WAYS,
        _LETTERS[0],
        _LETTERS[1],
        [("'", 1.5), *_even("zxcvbnm"), ("backspace", 1.5)],
        _MODES,
    ),
    "rare_code": (
        _CANDIDATES,
        _RARE_WAYS,
        _even("12345", 2),
        _even("67890", 2),
        [*_even("ABCDEF", 1.3), ("backspace", 2.2)],
        _MODES,
    ),
    "digits": (
        [*_even("123", 2.5), ("backspace", 2.5)],
        _even("456-", 2.5),
        _even("789/", 2.5),
        _even(".0#+", 2.5),
        _MODES,
    ),
    # A citizen's ID number: ten digits and X, nothing else to go wrong.
    "id": (*_PAD, [("X", _THIRD), ("0", _THIRD), ("backspace", _THIRD)]),
    # A mobile number, a code by SMS, a day.
    "number": (*_PAD, [("0", 2 * _THIRD), ("backspace", _THIRD)]),
    "integer": (*_PAD, [("-", _THIRD), ("0", _THIRD), ("backspace", _THIRD)]),
    "amount": (*_PAD, [(".", _THIRD), ("0", _THIRD), ("backspace", _THIRD)]),
    "decimal": (
        [*_even("123", 2.5), ("backspace", 2.5)],
        [*_even("456", 2.5), ("-", 2.5)],
        [*_even("789", 2.5), (".", 2.5)],
        [("0", UNITS)],
    ),
}


#: Layouts of digits and what a number may hold beside them.
PADS = ("digits", "id", "number", "integer", "amount", "decimal")


def height(layout: str) -> int:
    """How high the keyboard is with `layout`: more where there is a pad to write on, or many parts."""
    if layout == "latin":
        return SIX_ROWS
    return TALL if layout == "handwriting" or layout.startswith("rare_") else HEIGHT


def place(layout: str, width: float, height: float, unit: float = 1.0) -> list[Place]:
    """The keys of `layout` in a keyboard of `width` and `height` pixels, `unit` pixels a design pixel.

    Raises KeyError for a layout that does not exist.
    """
    rows = LAYOUTS[layout]
    weights = [BAR / 102 if row == 0 and len(rows) > 4 else 1.0 for row in range(len(rows))]
    free = height - (TOP + BOTTOM + ROW_GAP * (len(rows) - 1)) * unit
    pitch = (width - 2 * EDGE * unit + GAP * unit) / UNITS
    places = []
    top = height - TOP * unit
    heights = [free * weight / sum(weights) for weight in weights]
    for number, row in enumerate(rows):
        tall = heights[number]
        left = EDGE * unit
        for name, units in row:
            if name:
                spanned = heights[number : number + SPANS.get(name, 1)]
                deep = sum(spanned) + ROW_GAP * unit * (len(spanned) - 1)
                places.append(Place(name, left, top - deep, units * pitch - GAP * unit, deep))
            left += units * pitch
        top -= tall + ROW_GAP * unit
    return places
