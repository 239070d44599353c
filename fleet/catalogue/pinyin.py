"""Pinyin for search, made on the server so that terminals need no dictionary."""

from __future__ import annotations

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


def initials(text: str) -> str:
    """The first letter of each syllable: `cbzm`."""
    return "".join(syllable[0] for syllable in syllables(text))


def _other(run: str) -> str:
    return "".join(character if character.isalnum() else " " for character in run.lower())
