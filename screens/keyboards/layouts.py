"""Where every key lies: rows of ten units, and the arithmetic that turns them into rectangles. No Kivy here.

Lengths in design pixels, from the sketch: keys 102 high, 12 between keys of a row, 16 between rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 1080, 636
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


_MODES: Row = [("123", 1.4), ("pinyin", 1.4), ("latin", 1.4), ("space", 4.4), ("symbols", 1.4)]
_LETTERS: Sequence[Row] = (
    _even("qwertyuiop"),
    [("", 0.5), *_even("asdfghjkl"), ("", 0.5)],
    [("shift", 1.5), *_even("zxcvbnm"), ("backspace", 1.5)],
    _MODES,
)
_THIRD = UNITS / 3

#: The first row of each is the bar above the keys; "candidates" stands for whatever the engine offers.
LAYOUTS: dict[str, Sequence[Row]] = {
    "pinyin": ([("candidates", UNITS)], *_LETTERS),
    "latin": (_even("1234567890"), *_LETTERS),
    "symbols": (
        _even("，。、？！：；·…—"),
        _even("“”‘’（）《》【】"),
        _even("-/.,:@#_+="),
        [*_even("*%&()~￥°"), ("backspace", 2)],
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
    "id": (
        _even("123", _THIRD),
        _even("456", _THIRD),
        _even("789", _THIRD),
        [("X", _THIRD), ("0", _THIRD), ("backspace", _THIRD)],
    ),
    # A mobile number, a code by SMS.
    "number": (
        _even("123", _THIRD),
        _even("456", _THIRD),
        _even("789", _THIRD),
        [("0", 2 * _THIRD), ("backspace", _THIRD)],
    ),
}


def place(layout: str, width: float, height: float, unit: float = 1.0) -> list[Place]:
    """The keys of `layout` in a keyboard of `width` and `height` pixels, `unit` pixels a design pixel.

    Raises KeyError for a layout that does not exist.
    """
    rows = LAYOUTS[layout]
    weights = [BAR / 102 if row == 0 and len(rows) == 5 else 1.0 for row in range(len(rows))]
    free = height - (TOP + BOTTOM + ROW_GAP * (len(rows) - 1)) * unit
    pitch = (width - 2 * EDGE * unit + GAP * unit) / UNITS
    places = []
    top = height - TOP * unit
    for row, weight in zip(rows, weights, strict=True):
        tall = free * weight / sum(weights)
        left = EDGE * unit
        for name, units in row:
            if name:
                places.append(Place(name, left, top - tall, units * pitch - GAP * unit, tall))
            left += units * pitch
        top -= tall + ROW_GAP * unit
    return places
