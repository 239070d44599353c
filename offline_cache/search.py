"""Finding items by words, pinyin, initials and what neighbours call them: FTS5 over character pairs.

A text is indexed as its pairs of neighbouring characters, and a query as the phrase of its pairs, so that any
part of two or more characters is found exactly (低保, sbzm); a single character is a prefix of a pair.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from itertools import pairwise
from pathlib import Path

from contract.releases import SearchEntry, SearchIndex

#: bm25 weights: title, its pinyin and initials, then popular terms and theirs
WEIGHTS = (10.0, 4.0, 4.0, 8.0, 5.0, 6.0)
COLUMNS = "title, pinyin, initials, terms, terms_pinyin, terms_initials"
#: most results a screen of the terminal lists
LIMIT = 30
#: characters of a query that count; the longest title of an item has fewer
LONGEST_QUERY = 100


def build(index: SearchIndex, path: Path) -> None:
    """Write the search database of a release."""
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    with db:
        db.execute("create table items (id integer primary key, task_code text)")
        db.execute(f"create virtual table grams using fts5 ({COLUMNS}, tokenize = 'unicode61', content = '')")
        for number, entry in enumerate(index.entries, 1):
            db.execute("insert into items values (?, ?)", [number, entry.task_code])
            db.execute(f"insert into grams (rowid, {COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)", [number, *_texts(entry)])
    db.close()


def _texts(entry: SearchEntry) -> list[str]:
    return [
        _grams(entry.title) + " , " + _grams(entry.title_en),
        _grams(entry.pinyin),
        _grams(entry.initials),
        " , ".join(map(_grams, entry.terms)),
        " , ".join(map(_grams, entry.terms_pinyin)),
        " , ".join(map(_grams, entry.terms_initials)),
    ]


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _grams(text: str) -> str:
    """Pairs of neighbouring characters; the last stands with a filler, so that a final character is found too."""
    letters = _plain(text)
    return " ".join(letters[i : i + 2] for i in range(len(letters)))


class Search:
    """Searches one release."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, query: str) -> list[str]:
        """Task codes of the items found, best first; [] for an empty query."""
        letters = _plain(query)[:LONGEST_QUERY]
        if not letters:
            return []
        pairs = [f'"{letters[i : i + 2]}"' for i in range(len(letters) - 1)]
        if not pairs:
            return self._ask(f'"{letters}"*')
        # words left out in the middle (灵活就业参保 for 灵活就业人员参保登记): each character with a neighbour
        held = [pairs[0], *(f"({left} OR {right})" for left, right in pairwise(pairs)), pairs[-1]]
        return self._ask(" + ".join(pairs)) or self._ask(" AND ".join(held))

    def _ask(self, match: str) -> list[str]:
        db = sqlite3.connect(f"file:{self._path}?mode=ro&immutable=1", uri=True)
        try:
            weights = ", ".join(map(str, WEIGHTS))
            rows = db.execute(
                "select task_code from grams join items on items.id = grams.rowid where grams match ?"
                f" order by bm25(grams, {weights}), items.id limit {LIMIT}",
                [match],
            ).fetchall()
        finally:
            db.close()
        return [row[0] for row in rows]
