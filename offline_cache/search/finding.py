"""Searching one release: what fits exactly, in the order a citizen expects; else what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from pathlib import Path

from contract.codes import ServerType
from offline_cache.search import texts
from offline_cache.search.grams import CHARACTERS, FIRST, LAST, LETTERS, SYLLABLES, Grams, either, phrase, within
from offline_cache.search.mistakes import Mistakes
from offline_cache.search.ranking import TIERS, Found, Why, tier
from offline_cache.search.reader import Choice, Item, Reader, choice
from offline_cache.search.sounds import MOST, spoken

#: most results a screen of the terminal lists
LIMIT = 30
#: characters of a query that count; the longest title of an item has fewer
LONGEST_QUERY = 100
#: items looked at one by one, where the index alone cannot tell
LOOKED_AT = 300
EVERYWHERE = "title terms synonyms topics"

#: what some step found: why, and the numbers of the items
Step = tuple[Why, list[int]]


@dataclass(frozen=True)
class Way:
    """A query as units of a table; `half`: the last one may go on."""

    units: Sequence[str]
    half: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the index: how its texts are cut, and the reason to give where it is the same for every column."""

    name: str
    grams: Grams
    why: Why | None = None

    def text(self, units: Sequence[str], half: bool = True) -> str:
        """Units as `columns` writes them."""
        return " " + " ".join(units) + ("" if half else " ") if self.why is Why.PINYIN else "".join(units)

    def columns(self, item: Item) -> list[list[str]]:
        """The item's texts as this table has them."""
        if self.why is None:
            return item.texts
        if self.why is Why.PINYIN:
            return [[f" {said} " for said in column] for column in item.pinyin]
        return [["".join(syllable[0] for syllable in said.split()) for said in column] for column in item.pinyin]


WORDS = Table("words", CHARACTERS)
SOUNDS = Table("sounds", SYLLABLES, Why.PINYIN)
INITIALS = Table("initials", LETTERS, Why.INITIALS)


class Search:
    """Searches one release. Used from one thread at a time; the file must not change meanwhile."""

    def __init__(self, path: Path) -> None:
        self._reader = Reader(path)

    def find(
        self,
        query: str,
        *,
        audience: ServerType | None = None,
        theme: str = "",
        department: str = "",
        limit: int = LIMIT,
    ) -> list[Found]:
        """The items found, best first; [] for an empty query. All of them are guesses, or none is.

        With `audience`, `theme` (its id), `department` (dept_code): those only that are for them.
        """
        words = texts.words(query[: 4 * LONGEST_QUERY])
        letters = "".join(words)[:LONGEST_QUERY]
        if not letters:
            return []
        asked = _Question(self._reader, choice(audience, theme, department), limit)
        ways = (asked.exact(letters, words), asked.scattered(letters), asked.guesses(letters))
        found = next(filter(None, map(asked.first, ways)), {})
        items = asked.items(list(found))
        return [Found(item.task_code, item.title, why) for item, why in zip(items, found.values(), strict=True)]


class _Question:
    """One search: of which items, and how many of them."""

    def __init__(self, reader: Reader, wanted: Choice, limit: int) -> None:
        self._reader, self._wanted, self._limit = reader, wanted, limit
        self._seen: dict[int, Item] = {}

    def first(self, steps: Iterator[Step]) -> dict[int, Why]:
        """The first items that the steps find."""
        found: dict[int, Why] = {}
        for why, numbers in steps:
            for number in numbers:
                found.setdefault(number, why)
            if len(found) >= self._limit:
                break
        return dict(islice(found.items(), self._limit))

    def items(self, numbers: list[int]) -> list[Item]:
        """These items, in this order; each is read once."""
        missing = [number for number in numbers if number not in self._seen]
        self._seen |= {item.number: item for item in self._reader.items(missing)} if missing else {}
        return [self._seen[number] for number in numbers]

    def exact(self, letters: str, words: list[str]) -> Iterator[Step]:
        """What fits, the best step first."""
        yield from self._tiers(WORDS, [Way(letters)])
        if letters.isascii():
            yield from self._english(words)
            yield from self._pinyin(words)
        elif any(map(texts.latin, texts.runs(letters))):
            yield from self._mixed(letters)
        if len(words) > 1:
            yield from self._each(words)

    def scattered(self, letters: str) -> Iterator[Step]:
        """Words left out in the middle (灵活就业参保 for 灵活就业人员参保登记): each character with a neighbour.

        Of initials (lhjycb) two parts.
        """
        if texts.latin(letters):
            two = [(letters[:at], letters[at:]) for at in range(2, len(letters) - 1) if len(letters) > 4]
            if two:
                both = either(f"({LETTERS.part(left)}) AND ({LETTERS.part(right)})" for left, right in two)
                yield Why.INITIALS, self._ask("initials", within(EVERYWHERE, both))
        elif len(letters) > 2:
            pairs = [phrase([left + right]) for left, right in pairwise(letters)]
            held = [pairs[0], *(f"({left} OR {right})" for left, right in pairwise(pairs)), pairs[-1]]
            yield Why.WORDS, self._ask("words", within(EVERYWHERE, " AND ".join(held)))

    def guesses(self, letters: str) -> Iterator[Step]:
        """What was probably meant; the first kind of guess that finds anything is enough."""
        mistakes = Mistakes(letters, self._reader)
        for why, guesses in (
            (Why.SOUND, mistakes.heard()),
            (Why.TYPING, mistakes.mistyped()),
            (Why.SIMILAR, mistakes.similar()),
        ):
            found = []
            for guess in guesses:
                numbers = self._ask(guess.table, guess.expression, self._limit if guess.fits is None else LOOKED_AT)
                if guess.fits is not None:
                    marks = [(guess.fits(item), item.number) for item in self.items(numbers)]
                    numbers = [number for mark, number in sorted(marks, key=lambda m: (-m[0], m[1])) if mark > 0]
                found += numbers
            if found:
                yield why, found
                return

    def _tiers(self, table: Table, ways: list[Way]) -> Iterator[Step]:
        """Whole titles, beginnings of titles, whole terms, parts of titles, terms, synonyms, topics: see `TIERS`."""
        grams = table.grams
        anywhere = within(EVERYWHERE, either(grams.part(way.units, way.half) for way in ways))
        numbers = self._ask(table.name, anywhere, self._limit + 1)
        if len(numbers) <= self._limit:
            yield from self._ranked(table, ways, numbers)
            return
        for half in (False, True):
            now = [way for way in ways if way.half is half]
            for column, form, why in TIERS if now else ():
                if form == "whole":
                    fits = either(grams.whole(way.units) for way in now)
                else:
                    fits = either(getattr(grams, form)(way.units, way.half) for way in now)
                yield table.why or why, self._ask(table.name, within(column, fits))

    def _ranked(self, table: Table, ways: list[Way], numbers: list[int]) -> Iterator[Step]:
        """Few items: cheaper to look at their texts than to ask again."""
        queries = [(way.half, table.text(way.units, way.half)) for way in ways]
        order = []
        for item in self.items(numbers):
            columns = table.columns(item)
            order.append((*min((half, tier(query, columns)) for half, query in queries), item.number))
        for _, reached, number in sorted(order):
            yield table.why or TIERS[reached][2], [number]

    def _english(self, words: list[str]) -> Iterator[Step]:
        """Words in a row, the last perhaps half typed."""
        for expression in (phrase([FIRST, *words, LAST]), phrase([FIRST, *words], half=True), phrase(words, half=True)):
            yield Why.ENGLISH, self._ask("words", within("english", expression))

    def _pinyin(self, words: list[str]) -> Iterator[Step]:
        sounds = self._reader.sounds
        each = [sounds.spellings(word, half=word is words[-1]) for word in words]
        ways = [tuple(piece for way in parts for piece in way) for parts in islice(product(*each), MOST)]
        complete = [way for way in ways if sounds.syllables.issuperset(way)]
        half = [way for way in ways if sounds.syllables.issuperset(way[:-1])]
        if half:
            yield from self._tiers(SOUNDS, [*map(Way, complete), *(Way(way, half=True) for way in half)])
        alone = [way for way in ways if len(way) > 1 and all(len(piece) == 1 for piece in way)]
        if alone:
            yield from self._tiers(INITIALS, list(map(Way, alone)))
        for way in ways:
            if way not in half and way not in alone:
                yield Why.PINYIN, self._fitting(way, LETTERS.part([piece[0] for piece in way]), "")

    def _mixed(self, letters: str) -> Iterator[Step]:
        """Characters and letters, such as 社保ka or 社bao卡."""
        sounds, runs = self._reader.sounds, texts.runs(letters)
        each = [sounds.spellings(run, half=run is runs[-1]) if texts.latin(run) else [(run,)] for run in runs]
        there = " AND ".join(CHARACTERS.part(run) for run in runs if not texts.latin(run))
        for parts in islice(product(*each), MOST):
            way = tuple(piece for pieces in parts for piece in pieces)
            firsts = [[p[0]] if p.isascii() else sorted({said[0][0] for said in sounds.readings(p)}) for p in way]
            heard = list(islice(product(*firsts), MOST))
            if heard:
                yield Why.PINYIN, self._fitting(way, either(map(LETTERS.part, heard)), there)

    def _fitting(self, way: tuple[str, ...], initials: str, there: str) -> list[int]:
        """Items whose characters or syllables are those of `way` in a row, or begin so."""
        numbers = self._ask("initials", within("title terms synonyms", initials), LOOKED_AT, there)
        return [
            item.number
            for item in self.items(numbers)
            if any(
                self._says(way, spoken(text, pinyin))
                for column in zip(item.texts[:3], item.pinyin[:3], strict=True)
                for text, pinyin in zip(*column, strict=True)
            )
        ]

    def _says(self, way: tuple[str, ...], text: list[tuple[str, str]]) -> bool:
        return any(
            all(
                piece in said or (said[1].startswith(piece) and (at == len(way) - 1 or not self._syllable(piece)))
                for at, (piece, said) in enumerate(zip(way, text[begin:], strict=False))
            )
            for begin in range(len(text) - len(way) + 1)
        )

    def _syllable(self, piece: str) -> bool:
        return len(piece) > 1 and piece in self._reader.sounds.syllables

    def _each(self, words: list[str]) -> Iterator[Step]:
        """Several words, each of which an item must have; those that have all in the title first."""
        words = list(dict.fromkeys(word[:LONGEST_QUERY] for word in words))[:LONGEST_QUERY]
        if not any(map(str.isascii, words)):
            every = " AND ".join(CHARACTERS.part(word) for word in words)
            for columns in ("title", "title terms", EVERYWHERE):
                yield Why.WORDS, self._ask("words", within(columns, every))
            return
        left = self._having(words[0])
        for word in words[1:]:
            left &= self._having(word)
        yield Why.WORDS, sorted(left)

    def _having(self, word: str) -> set[int]:
        found = self._ask("words", within(EVERYWHERE, CHARACTERS.part(word)), -1)
        if word.isascii():
            found += self._ask("words", within("english", phrase([word], half=True)), -1)
        if texts.latin(word):
            sounds = self._reader.sounds
            # one syllable alone says too little: half of the items have a bao somewhere
            ways = [way for way in sounds.spellings(word, half=True) if len(way) > 1]
            said = [SYLLABLES.part(way, half=True) for way in ways if sounds.syllables.issuperset(way[:-1])]
            found += self._ask("sounds", either(said), -1) if said else []
            found += self._ask("initials", LETTERS.part(word), -1) if len(word) > 1 else []
        return set(found)

    def _ask(self, table: str, expression: str, limit: int | None = None, also: str = "") -> list[int]:
        return self._reader.numbers(table, expression, self._limit if limit is None else limit, self._wanted, also)
