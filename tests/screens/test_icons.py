from __future__ import annotations

from typing import Any

import pytest

WANTED = [
    "birth",
    "work",
    "medical",
    "housing",
    "marriage",
    "business",
    "retire",
    "papers",
    "all",
    "search",
    "phone",
    "qr",
    "dots",
    "company",
    "people",
    "helper",
    "person",
    "sms",
    "lock",
    "turn_left",
    "turn_right",
    "blink",
    "look",
    "card",
    "printer",
    "sound",
    "help",
    "leave",
    "check",
    "face1",
    "face2",
    "face3",
    "face4",
    "face5",
]


@pytest.mark.parametrize("name", WANTED)
def test_icons_are_drawn_inside_their_square(window: Any, name: str) -> None:
    from screens.widgets.icons import ICONS, strokes, texture

    points = [point for line, _ in strokes(ICONS[name]) for point in line]
    assert len(points) > 2
    assert all(0 <= x <= 24 and 0 <= y <= 24 for x, y in points)
    alpha = texture(name, 48, 1.5).pixels[3::4]
    assert max(alpha) == 255
    assert alpha.count(0) > len(alpha) / 3
