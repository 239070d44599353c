"""Where the keys lie."""

from __future__ import annotations

from itertools import combinations

import pytest

from screens.keyboards import layouts

SIZES = [(1080, 1.0), (720, 2 / 3), (1920, 1.0)]


@pytest.mark.parametrize("layout", layouts.LAYOUTS)
@pytest.mark.parametrize(("width", "unit"), SIZES)
def test_keys_lie_inside_and_apart(layout: str, width: float, unit: float) -> None:
    height = layouts.height(layout) * unit
    places = layouts.place(layout, width, height, unit)
    for key in places:
        assert key.x >= 0 and key.y >= 0
        assert key.x + key.width <= width + 0.01 and key.y + key.height <= height
    for one, other in combinations(places, 2):
        beside = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
        above = max(one.y, other.y) - min(one.y + one.height, other.y + other.height)
        assert max(beside, above) >= layouts.GAP * unit - 0.01, (one, other)


@pytest.mark.parametrize("layout", layouts.LAYOUTS)
def test_targets_are_large(layout: str) -> None:
    for key in layouts.place(layout, 1080, layouts.height(layout)):
        assert key.height >= 88, key
        assert key.width >= 88, key


def test_letters_stay_where_they_are_when_the_layout_changes() -> None:
    """To a pixel: the keyboard grows upwards."""
    pinyin = {key.name: key for key in layouts.place("pinyin", 1080, layouts.height("pinyin"))}
    latin = {key.name: key for key in layouts.place("latin", 1080, layouts.height("latin"))}
    for name in [*"qwertyuiopasdfghjklzxcvbnm", "backspace", "space", "123", "pinyin", "latin", "symbols"]:
        assert pinyin[name][1:] == pytest.approx(latin[name][1:], abs=1), name


def test_no_key_twice() -> None:
    for layout in layouts.LAYOUTS:
        names = [key.name for key in layouts.place(layout, 1080, layouts.height(layout))]
        assert len(names) == len(set(names)), layout


def test_the_ways_are_in_every_layout_of_words() -> None:
    for layout in ("pinyin", "handwriting", "rare_parts", "rare_sound", "rare_code", "latin", "symbols", "digits"):
        names = [key.name for key in layouts.place(layout, 1080, layouts.height(layout))]
        assert names[-7:] == ["123", "pinyin", "handwriting", "rare", "space", "latin", "symbols"], layout


def test_the_pad_is_large() -> None:
    [pad] = [key for key in layouts.place("handwriting", 1080, layouts.height("handwriting")) if key.name == "pad"]
    assert pad.width >= 800 and pad.height >= 480


def test_latin_and_symbols_have_every_sign_of_an_address_of_mail_or_web() -> None:
    from string import ascii_lowercase, digits

    typed = {key.name for layout in ("latin", "symbols") for key in layouts.place(layout, 1080, layouts.height(layout))}
    assert typed >= {*ascii_lowercase, *digits, "shift", *"@.-_/:+=#%&~()，。、《》"}
