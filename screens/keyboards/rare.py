"""Rare characters (生僻字) found by what they are made of, by sound, or by code point, in the table of rare_table."""

from __future__ import annotations

import re
import sqlite3
from functools import cache
from pathlib import Path

from screens import fonts

LIMIT = 64  # candidates for one question
SO_READ = 240  # of one syllable: yi has 190 that pinyin lacks
PARTS = 4  # so many parts at most are asked for
OFFERED = 240  # parts offered after the first was chosen, at most
FIRST, LAST = 0x2E80, 0x3FFFF  # code points of Chinese characters, their parts and what may yet come

#: What is whole with the parts first, then what has few strokes more; those of names are mostly below U+10000.
_BY_PARTS = """
select characters.code from characters {joins}
where strokes >= (select sum(strokes * ({times})) from characters where code in ({marks})) and {counts}
and characters.code >= 0x3400
order by strokes > (select sum(strokes * ({times})) from characters where code in ({marks})),
    characters.code > 0xffff, strokes, common, characters.code limit ?
"""
_BY_SOUND = """
select code from sounds join characters using (code) where sound = ? and code >= 0x3400
order by common, code < 0x4e00 or code > 0xffff, weight desc, code limit ?
"""


class RareCharacters:
    """Reads the table in `file`; with no table there, finds by code point only. For one thread."""

    def __init__(self, file: Path) -> None:
        self._table: sqlite3.Connection | None = None
        if file.is_file():
            self._table = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    @property
    def ready(self) -> bool:
        """Whether there is a table."""
        return self._table is not None

    def by_parts(self, parts: str) -> tuple[str, ...]:
        """The characters that have all of `parts`, a repeated part as often; those nearest to nothing more first."""
        if not parts:
            return ()
        wanted = {part: parts.count(part) for part in dict.fromkeys(parts)}
        joins, counts, whole = [], [], []
        for index, (part, times) in enumerate(wanted.items()):
            joins.append(f"join parts p{index} on p{index}.code = characters.code and p{index}.part = {ord(part)}")
            counts.append(f"p{index}.times >= {times}")
            whole.append(f"when {ord(part)} then {times}")
        question = _BY_PARTS.format(
            joins=" ".join(joins),
            counts=" and ".join(counts),
            times=f"case code {' '.join(whole)} end",
            marks=", ".join(str(ord(part)) for part in wanted),
        )
        return self._ask(question, LIMIT)

    def by_sound(self, letters: str) -> tuple[str, ...]:
        """One syllable: the characters so read. Several: those made of parts so read, 吉吉 for jiji."""
        found: dict[str, None] = dict.fromkeys(self._ask(_BY_SOUND, letters, SO_READ))
        for syllables in self._syllables(letters):
            if len(syllables) > 1:
                found |= dict.fromkeys(self._by_sounds_of_parts(syllables))
        return tuple(found)

    def by_code(self, digits: str) -> tuple[str, ...]:
        """The character of "20BB7", if one of our fonts has it."""
        if not re.fullmatch("[0-9A-Fa-f]{4,6}", digits):
            return ()
        code = int(digits, 16)
        if not FIRST <= code <= LAST or 0xD800 <= code <= 0xF8FF:
            return ()
        character = chr(code)
        drawn = fonts.font_of(character) != "Roboto" or fonts.has(fonts.folder() / fonts.REGULAR, character)
        return (character,) if drawn else ()

    def parts_beside(self, parts: str) -> dict[str, int]:
        """Which parts lead on from `parts`, each with its number of strokes; those that lead furthest first."""
        found = self.by_parts_all(parts)
        if not found or self._table is None:
            return {}
        codes, given = (",".join(map(str, codes)) for codes in (found, map(ord, parts)))
        rows = self._table.execute(
            f"""select part, strokes from by_character join characters on characters.code = part
            where by_character.code in ({codes}) and part not in ({given})
            group by part order by count(*) desc limit {OFFERED}"""
        )
        return {chr(part): strokes for part, strokes in rows}

    def by_parts_all(self, parts: str) -> list[int]:
        """The codes of up to 3,000 characters that have all of `parts`, in no order."""
        if self._table is None or not parts:
            return []
        one, *others = [str(ord(part)) for part in dict.fromkeys(parts)]
        joins = " ".join(
            f"join parts p{other} on p{other}.code = p.code and p{other}.part = {other}" for other in others
        )
        rows = self._table.execute(f"select p.code from parts p {joins} where p.part = {one} limit 3000")
        return [code for (code,) in rows]

    def _by_sounds_of_parts(self, syllables: tuple[str, ...]) -> tuple[str, ...]:
        wanted = {sound: syllables.count(sound) for sound in dict.fromkeys(syllables)}
        joins = " ".join(
            f"""join (select parts.code, sum(times * direct) as near, sum(times) as times from parts
            join sounds on sounds.code = parts.part where sound = '{sound}' group by parts.code
            having sum(times) >= {times}) s{index} on s{index}.code = characters.code"""
            for index, (sound, times) in enumerate(wanted.items())
        )
        near = " + ".join(f"min(s{index}.near, {times})" for index, times in enumerate(wanted.values()))
        order = f"-({near}), characters.code > 0xffff, strokes, common"
        return self._ask(f"select characters.code from characters {joins} order by {order} limit ?", LIMIT)

    @cache  # noqa: B019 one a program
    def _sounds(self) -> frozenset[str]:
        if self._table is None:
            return frozenset()
        return frozenset(sound for (sound,) in self._table.execute("select distinct sound from sounds"))

    def _syllables(self, letters: str) -> list[tuple[str, ...]]:
        """Every way to read `letters` as syllables, four at most; an apostrophe parts two."""
        known, ways = self._sounds(), []

        def read(rest: str, before: tuple[str, ...]) -> None:
            if not rest:
                ways.append(before)
            elif rest[0] == "'":
                read(rest[1:], before)
            elif len(before) < PARTS:
                for length in range(min(6, len(rest)), 0, -1):
                    if rest[:length] in known:
                        read(rest[length:], (*before, rest[:length]))

        read(letters, ())
        return sorted(ways, key=len)[:4]

    def _ask(self, question: str, *values: object) -> tuple[str, ...]:
        if self._table is None:
            return ()
        return tuple(chr(code) for (code,) in self._table.execute(question, values))
