"""Asking the search database, with the choice of audience, theme and department."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from contract.codes import ServerType
from contract.releases import SearchIndex
from offline_cache.search.index import FORMAT, build
from offline_cache.search.sounds import Sounds

#: column of `items` -> its value, of the items that are wanted
Choice = dict[str, object]


def choice(audience: ServerType | None, theme: str, department: str) -> Choice:
    """What is wanted; "" and None want everything."""
    wanted: Choice = {name: value for name, value in (("theme", theme), ("department", department)) if value}
    if audience is not None:
        wanted["company" if audience is ServerType.COMPANY else "person"] = 1
    return wanted


@dataclass
class Item:
    """An item as the index keeps it."""

    number: int
    task_code: str
    title: str
    english: str
    _texts: str
    _pinyin: str

    @cached_property
    def texts(self) -> list[list[str]]:
        """Title, terms, synonyms and topics."""
        columns: list[list[str]] = json.loads(self._texts)
        return columns

    @cached_property
    def pinyin(self) -> list[list[str]]:
        """The syllables of each of `texts`."""
        columns: list[list[str]] = json.loads(self._pinyin)
        return columns


class Reader:
    """The database of one release, opened at the first question and kept open."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def numbers(self, table: str, expression: str, limit: int, wanted: Choice, also: str = "") -> list[int]:
        """The items that fit, in their order, at most `limit` (-1: all); `also`: whose words fit this too."""
        join = f" cross join items on items.id = {table}.rowid" if wanted else ""
        conditions = "".join(f" and items.{column} = ?" for column in wanted)
        values = [expression, *wanted.values()]
        if also:
            conditions += f" and +{table}.rowid in (select rowid from words where words match ?)"
            values.append(also)
        question = f"select {table}.rowid from {table}{join} where {table} match ?{conditions}"
        rows = self._db.execute(f"{question} order by {table}.rowid limit ?", [*values, limit])
        return [row[0] for row in rows]

    def items(self, numbers: Sequence[int]) -> list[Item]:
        """These items."""
        columns = "id, task_code, title, english, texts, pinyin"
        marks = ", ".join("?" * len(numbers))
        rows = self._db.execute(f"select {columns} from items where id in ({marks})", numbers)
        return [Item(*row) for row in rows]

    def counts(self, pairs: Sequence[str]) -> dict[str, int]:
        """In how many items each of these pairs stands; those that stand in none are left out."""
        marks = ", ".join("?" * len(pairs))
        return dict(self._db.execute(f"select term, doc from word_counts where term in ({marks})", pairs))

    @cached_property
    def sounds(self) -> Sounds:
        """How it sounds."""
        return Sounds(self._db)

    @cached_property
    def _db(self) -> sqlite3.Connection:
        db = self._open()
        (version,) = db.execute("pragma user_version").fetchone()
        if version == FORMAT:
            return db
        # the software is newer than the release: made again from what was signed
        db.close()
        fresh = self._path.with_suffix(".part")
        build(SearchIndex.model_validate_json(self._path.with_name("search.json").read_bytes()), fresh)
        fresh.replace(self._path)
        return self._open()

    def _open(self) -> sqlite3.Connection:
        address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, check_same_thread=False)
