"""How letters can be syllables, and how characters can be read."""

from __future__ import annotations

import sqlite3
from functools import cached_property
from itertools import islice, product

#: initials of syllables, as one writes them for a whole syllable; the vowels are those of 安, 恩, 欧
INITIALS = frozenset({"zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsywaeo"})
#: ways to read a query that are tried
MOST = 8
#: letters of the longest syllable, zhuang
LONGEST = 6


class Sounds:
    """The syllables and readings of one release."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    @cached_property
    def syllables(self) -> frozenset[str]:
        """Every syllable there is."""
        return frozenset(row[0] for row in self._db.execute("select distinct syllable from readings"))

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(syllable[:end] for syllable in self.syllables for end in range(1, len(syllable) + 1))

    def spellings(self, letters: str, *, half: bool) -> list[tuple[str, ...]]:
        """`letters` as syllables and initials, those of fewest pieces first; with `half` the last may be a beginning.

        shebaok is she bao k, sbk is s b k, fangan is fang an or fan gan. [] where it is no pinyin.
        """
        letters = letters.replace("lyu", "lv").replace("nyu", "nv")
        ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in letters)]
        for end in range(1, len(letters) + 1):
            last = end == len(letters)
            for begin in range(max(0, end - LONGEST), end):
                piece = letters[begin:end]
                if piece in self.syllables or piece in INITIALS or (half and last and piece in self._beginnings):
                    ways[end] += [(*way, piece) for way in ways[begin]]
            ways[end] = sorted(ways[end], key=len)[:MOST]
        alone = tuple(letters)
        found = ways[-1]
        if letters and INITIALS.issuperset(alone) and alone not in found:
            found = [*found, alone]
        return found

    def readings(self, letters: str) -> list[list[str]]:
        """Each character of `letters` as syllables in a row, in every way (at most 8); [] where one is not known."""
        known = [
            [row[0] for row in self._db.execute("select syllable from readings where character = ?", [character])]
            for character in letters
        ]
        return [list(way) for way in islice(product(*known), MOST)]


def spoken(text: str, pinyin: str) -> list[tuple[str, str]]:
    """A plain text and its pinyin, laid side by side: (character, syllable); a run of other characters is one."""
    aligned, at = [], 0
    for syllable in pinyin.split():
        run = syllable if text.startswith(syllable, at) else text[at : at + 1]
        aligned.append((run, syllable))
        at += len(run)
    return aligned
