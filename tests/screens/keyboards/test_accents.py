"""Accented spellings."""

from __future__ import annotations

import pytest

from screens.keyboards.accents import spellings, with_accents


@pytest.mark.parametrize(
    ("sound", "heard"),
    [
        ("zhang san", {"zang san", "zhang shan"}),
        ("hu nan", {"hu lan"}),
        ("nan jing", {"lan jing", "nan jin"}),
        ("sheng li", {"seng li", "shen li", "sheng ni", "sen li", "seng ni"}),
    ],
)
def test_spellings(sound: str, heard: set[str]) -> None:
    assert heard <= spellings(sound)
    assert sound not in spellings(sound)


def test_a_right_spelling_keeps_its_weight() -> None:
    """A word with two right readings: the accent of one never lowers the other."""
    words = with_accents({("传", "zhuan"): 5000.0, ("传", "zuan"): 4000.0, ("鲜", "xian"): 10.0})
    assert words["传", "zuan"] == 4000.0
    assert len([word for word, _ in words if word == "鲜"]) == 1
