"""Texts as tokens of FTS5, and queries as its phrases.

A text is its runs of neighbouring units (characters, syllables, letters) between two anchors; a query is the phrase of
its runs: so any part is found exactly (低保), what is shorter than a run is the beginning of one, and beginnings of
texts and whole texts are phrases too. No query can hold an anchor, as these are neither letter nor digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FIRST, LAST = "‹", "›"


def phrase(tokens: Sequence[str], *, half: bool = False) -> str:
    """These tokens in a row; with `half` the last is the beginning of one."""
    return '"' + " ".join(tokens) + '"' + ("*" if half else "")


def either(expressions: Iterable[str]) -> str:
    """Any of them."""
    return " OR ".join(f"({each})" for each in dict.fromkeys(expressions))


def within(columns: str, expression: str) -> str:
    """`expression`, in these columns alone."""
    return f"{{{columns}}} : ({expression})"


@dataclass(frozen=True)
class Grams:
    """Runs of `size` units, written with `joint` between them."""

    size: int
    joint: str = ""

    def tokens(self, texts: Iterable[Sequence[str]]) -> str:
        """What is indexed."""
        return " ".join(token for units in texts if units for token in self._runs([FIRST, *units, LAST]))

    def part(self, units: Sequence[str], half: bool = False) -> str:
        """Texts that hold `units` in a row; with `half` the last one may go on."""
        if len(units) < self.size:
            return phrase([self.joint.join(units) + ("" if half else self.joint)], half=True)
        return phrase(self._runs(units), half=half)

    def beginning(self, units: Sequence[str], half: bool = False) -> str:
        """Texts that begin so."""
        return self.part([FIRST, *units], half)

    def whole(self, units: Sequence[str]) -> str:
        """Texts that are so."""
        return phrase(self._runs([FIRST, *units, LAST]))

    def _runs(self, units: Sequence[str]) -> list[str]:
        return [self.joint.join(units[at : at + self.size]) for at in range(max(1, len(units) - self.size + 1))]


#: of texts; pairs, as two characters are a word
CHARACTERS = Grams(2)
#: of pinyin
SYLLABLES = Grams(2, "·")
#: of initials, and of pinyin without borders
LETTERS = Grams(3)
