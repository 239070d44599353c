"""The search database of a release: four FTS5 tables over the same items, and the texts to look at again.

words: characters and English. sounds: syllables. initials: their first letters. letters: pinyin and English without
borders, folded, for typing errors. Rows stand in the order in which equals are listed, so that nothing is counted or
sorted while somebody types.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from contract.codes import ServerType
from contract.releases import SearchEntry, SearchIndex
from offline_cache.search.grams import CHARACTERS, FIRST, LAST, LETTERS, SYLLABLES
from offline_cache.search.sounds import spoken
from offline_cache.search.texts import folded, plain, words

#: user_version of the databases written here
FORMAT = 2
COLUMNS = ("title", "terms", "synonyms", "topics")

# every byte above ASCII is part of a token: what a character is was decided by `plain` already
_FTS = "fts5 ({}, tokenize = 'ascii', content = '', columnsize = 0{})"
_SCHEMA = f"""
create table items (
    id integer primary key, task_code text, title text, theme text, department text, person int, company int,
    texts text, pinyin text, english text);
create virtual table words using {_FTS.format(", ".join((*COLUMNS, "english")), ", prefix = '1'")};
create virtual table sounds using {_FTS.format(", ".join(COLUMNS), "")};
create virtual table initials using {_FTS.format(", ".join(COLUMNS), ", prefix = '2'")};
create virtual table letters using {_FTS.format("folded", "")};
create virtual table word_counts using fts5vocab (words, 'row');
create table readings (character text, syllable text, primary key (character, syllable)) without rowid;
pragma user_version = {FORMAT};
"""


def build(index: SearchIndex, path: Path) -> None:
    """Write the search database of a release."""
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    # whoever has it built makes the file durable, and after a cut builds again
    db.execute("pragma journal_mode = off")
    db.execute("pragma synchronous = off")
    db.executescript(_SCHEMA)
    readings = {(character, sound) for sound, characters in index.sounds.items() for character in characters}
    with db:
        for number, entry in enumerate(index.entries, 1):
            readings.update(_add(db, number, entry))
        db.executemany("insert into readings values (?, ?)", sorted(readings))
        for table in ("words", "sounds", "initials", "letters"):
            db.execute(f"insert into {table} ({table}) values ('optimize')")
    db.close()


def _add(db: sqlite3.Connection, number: int, entry: SearchEntry) -> set[tuple[str, str]]:
    """An item; the answer is how the characters of its title are read."""
    texts = [[plain(text) for text in column] for column in ([entry.title], entry.terms, entry.synonyms, entry.topics)]
    pinyin = [[entry.pinyin], entry.terms_pinyin, entry.synonyms_pinyin, entry.topics_pinyin]
    syllables = [[text.split() for text in column] for column in pinyin]
    english = words(entry.title_en)
    who = [kind in entry.server_types for kind in (ServerType.PERSON, ServerType.COMPANY)]
    kept = [json.dumps(column, ensure_ascii=False, separators=(",", ":")) for column in (texts, pinyin)]
    db.execute(
        "insert into items values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, entry.task_code, entry.title, entry.theme, entry.dept_code, *who, *kept, " ".join(english)],
    )
    _insert(db, "words", number, *map(CHARACTERS.tokens, texts), " ".join([FIRST, *english, LAST]))
    _insert(db, "sounds", number, *map(SYLLABLES.tokens, syllables))
    firsts = [["".join(syllable[0] for syllable in said) for said in column] for column in syllables]
    _insert(db, "initials", number, *map(LETTERS.tokens, firsts))
    _insert(db, "letters", number, LETTERS.tokens(without_borders(pinyin, " ".join(english))))
    return {pair for pair in spoken(texts[0][0], entry.pinyin) if len(pair[0]) == 1}


def _insert(db: sqlite3.Connection, table: str, number: int, *columns: str) -> None:
    names = {"words": (*COLUMNS, "english"), "letters": ("folded",)}.get(table, COLUMNS)
    marks = ", ".join("?" * (1 + len(columns)))
    db.execute(f"insert into {table} (rowid, {', '.join(names)}) values ({marks})", [number, *columns])


def without_borders(pinyin: list[list[str]], english: str) -> list[str]:
    """Pinyin of title, terms and synonyms, and English, as folded letters."""
    texts = [text for column in pinyin[:3] for text in column]
    return [folded(text.replace(" ", "")) for text in (*texts, english)]
