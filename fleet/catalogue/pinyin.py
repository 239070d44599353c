"""Pinyin for search, made on the server so that terminals need no dictionary."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from kiosk.speech import phrases


def syllables(text: str) -> list[str]:
    """The syllables of `text` without tones, ü as v; runs of other characters in lower case, punctuation dropped.

    Heteronyms are read by the longest phrase they stand in: 银行 is yin hang, 行政 xing zheng.
    """
    # half a second of dictionaries, which a platform needs when items are published
    from pypinyin import Style, lazy_pinyin

    phrases.learn()
    found = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors=_other)
    return [syllable for run in found for syllable in run.split()]


def full(text: str) -> str:
    """Syllables joined by spaces: `can bao zheng ming`."""
    return " ".join(syllables(text))


@cache
def sounds() -> dict[str, str]:
    """Syllable -> the characters of GB/T 2312 (6,763, what one writes by pinyin) that are read so, rarely or not."""
    from pypinyin import Style, pinyin

    read = defaultdict[str, str](str)
    for character in _common():
        for syllable in pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]:
            read[syllable] += character
    return dict(sorted(read.items()))


def _common() -> str:
    return "".join(
        bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
    )


def _other(run: str) -> str:
    return "".join(character if character.isalnum() else " " for character in run.lower())
