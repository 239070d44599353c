"""What may have been meant by a query that nothing fits: the same sound, one typing error, much the same characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from offline_cache.search import texts
from offline_cache.search.grams import CHARACTERS, LETTERS, SYLLABLES, Grams, either, phrase, within
from offline_cache.search.index import without_borders
from offline_cache.search.reader import Item, Reader

_SHOWN = "title terms synonyms"
#: shortest queries that an error is looked for in: shorter ones are too like one another
FEWEST_LETTERS, FEWEST_CHARACTERS = 5, 3
#: longest query an error is looked for in
MOST_CHARACTERS = 30
#: how much of a query's pairs a similar text has
SIMILAR = 0.4
#: rare pairs of a query by which similar texts are looked up
RARE = 3


@dataclass(frozen=True)
class Guess:
    """Where to look, and how well an item fits (0: not at all; the more the better; None: the index has told)."""

    table: str
    expression: str
    fits: Callable[[Item], float] | None = None


class Mistakes:
    """Guesses at what was meant by `letters`."""

    def __init__(self, letters: str, reader: Reader) -> None:
        self._letters, self._reader = letters, reader
        self._latin = texts.latin(letters)

    def heard(self) -> Iterator[Guess]:
        """Homophones (社宝卡), then sounds that many do not tell apart (zeng ming)."""
        said = [self._letters] if self._latin else []
        if not self._letters.isascii() and len(self._letters) > 1:
            readings = self._reader.sounds.readings(self._letters)
            for columns in ("title", "terms synonyms") if readings else ():
                yield Guess("sounds", within(columns, either(map(SYLLABLES.part, readings))))
            said = ["".join(reading) for reading in readings]
        alike = [text for text in map(texts.folded, said) if len(text) >= FEWEST_LETTERS - 1]
        if alike:
            yield Guess("letters", either(map(LETTERS.part, alike)))

    def mistyped(self) -> Iterator[Guess]:
        """One character wrong, missing, doubled or too many, or two that changed places."""
        if self._latin:
            letters = texts.folded(self._letters)
            if FEWEST_LETTERS <= len(letters) <= MOST_CHARACTERS:
                # an error in shneg is one before zh, ng and l are folded, or after
                edits = {*_edits(letters), *map(texts.folded, _edits(self._letters))}
                fits = _fits(edits, lambda item: without_borders(item.pinyin, item.english))
                yield Guess("letters", _nearly(letters, LETTERS), fits)
        elif FEWEST_CHARACTERS <= len(self._letters) <= MOST_CHARACTERS:
            fits = _fits(_edits(self._letters), _shown)
            yield Guess("words", within(_SHOWN, _nearly(self._letters, CHARACTERS)), fits)

    def similar(self) -> Iterator[Guess]:
        """Texts that have most of the pairs, looked up by the rarest of them."""
        pairs = frozenset(left + right for left, right in pairwise(self._letters))
        if self._latin or len(self._letters) < FEWEST_CHARACTERS:
            return
        counts = self._reader.counts(sorted(pairs))
        if len(counts) < SIMILAR * len(pairs):
            return
        rare = sorted(counts, key=lambda pair: counts[pair])[:RARE]

        def fits(item: Item) -> float:
            own = [{left + right for left, right in pairwise(text)} for text in _shown(item)]
            share, length = max((len(pairs & each) / len(pairs), -len(each)) for each in own)
            return share + length / 10_000 if share >= SIMILAR else 0.0

        yield Guess("words", within(_SHOWN, either(phrase([pair]) for pair in rare)), fits)


def _shown(item: Item) -> list[str]:
    return [text for column in item.texts[:3] for text in column]


def _fits(edits: Iterable[str], lines: Callable[[Item], list[str]]) -> Callable[[Item], float]:
    """2 for a title, 1 for another text; an earlier place counts a little more."""
    pattern = re.compile("|".join(edits))

    def fits(item: Item) -> float:
        for first, line in enumerate(lines(item)):
            if found := pattern.search(line):
                return (1 if first else 2) + 0.9 / (1 + found.start())
        return 0.0

    return fits


def _edits(letters: str) -> Iterator[str]:
    """`letters` with any one error put right, as patterns. Of three, none but the middle one is in doubt."""
    short = len(letters) <= FEWEST_CHARACTERS
    for at in range(len(letters)):
        before, behind = letters[:at], letters[at + 1 :]
        if before and behind:
            yield f"{before}.{behind}"
        if not short:
            yield before + behind
            if before:
                yield f"{before}.{letters[at:]}"
        if behind:
            yield before + behind[0] + letters[at] + behind[1:]


def _nearly(letters: str, grams: Grams) -> str:
    """Texts that can be one error away: one half is right, and near it a half of the other half.

    An error touches one half, or with two that change places the ends of both.
    """
    if len(letters) <= FEWEST_CHARACTERS:
        return either(
            [_near(letters[0], letters[2], grams), *(grams.part(way) for way in _edits(letters) if "." not in way)]
        )
    half = len(letters) // 2
    left, right = letters[:half], letters[half:]
    # of the half with the error, what is before or behind it; the middle of an uneven one may be it
    near = [
        *((left, part) for part in (right[: len(right) // 2], right[(len(right) + 1) // 2 :])),
        *((part, right) for part in (left[: len(left) // 2], left[(len(left) + 1) // 2 :])),
        (letters[: half - 1], letters[half + 1 :]),
    ]
    return either(_near(before, behind, grams) for before, behind in near if before and behind)


def _near(before: str, behind: str, grams: Grams) -> str:
    return f"NEAR({grams.part(before)} {grams.part(behind)}, {MOST_CHARACTERS})"
