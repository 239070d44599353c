"""Texts and queries as the index knows them: letters, digits and characters alone, in lower case."""

from __future__ import annotations

import re
import unicodedata

_FOLDED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))
_RUNS = re.compile(r"[a-z]+|[^a-z]")


def plain(text: str) -> str:
    """`text` without spaces and punctuation, in lower case, full-width letters as others (NFKC)."""
    return "".join(words(text))


def words(text: str) -> list[str]:
    """`plain`, cut where something else stood."""
    whole = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return "".join(c if c.isalnum() else " " for c in whole).split()


def folded(letters: str) -> str:
    """Pinyin without what many do not tell apart: zh z, ch c, sh s, ng n, l n."""
    for sound, likewise in _FOLDED:
        letters = letters.replace(sound, likewise)
    return letters


def runs(letters: str) -> list[str]:
    """Runs of Latin letters, and every other character by itself."""
    return _RUNS.findall(letters)


def latin(text: str) -> bool:
    """Whether it is letters a to z, as pinyin is."""
    return text.isascii() and text.isalpha()
