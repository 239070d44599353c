"""Finding items among 30,000, beside LIKE on the same texts."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, milliseconds
from contract.releases import SearchEntry, SearchIndex
from offline_cache.search import Search, build

ITEMS = 30_000
WORDS = (
    *("社会", "保险", "参保", "证明", "住房", "公积金", "提取", "居住证", "申领", "婚姻", "登记"),
    *("营业执照", "打印", "失业", "退休", "医疗", "备案", "残疾", "优待证", "低保"),
)
QUERIES = ["低保", "公积金", "居住证", "营业执照", "失业登记", "优待证申领"]


def run() -> list[Figure]:
    """95th percentile of a search, and what is found of what LIKE finds (both are limited to 30 rows)."""
    chance = random.Random(20261121)
    titles = ["".join(chance.sample(WORDS, chance.randint(2, 5))) for _ in range(ITEMS)]
    entries = [
        SearchEntry(task_code=str(number), title=title, pinyin="", initials="") for number, title in enumerate(titles)
    ]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "search.db"
        build(SearchIndex(entries=entries), path)
        search = Search(path)
        raw = sqlite3.connect(":memory:")
        raw.execute("create table items (task_code text, title text)")
        raw.executemany(
            "insert into items values (?, ?)", [(str(number), title) for number, title in enumerate(titles)]
        )
        found = like = 0
        ours = theirs = 0.0
        ranked = "select task_code from items where title like ? order by length(title) limit 30"
        for query in QUERIES:
            pattern = [f"%{query}%"]
            ours = max(ours, milliseconds(partial(search.find, query), 40)[1])
            theirs = max(theirs, milliseconds(partial(_fetch, raw, ranked, pattern), 40)[1])
            every = {row[0] for row in raw.execute("select task_code from items where title like ?", pattern)}
            like += min(30, len(every))
            found += len(every & set(search.find(query)))
        raw.close()
    return [
        Figure("search of 30,000 items, p95 of the slowest query", ours, "LIKE by length", theirs, "ms"),
        Figure("items found", found, "LIKE", like, ""),
    ]


def _fetch(db: sqlite3.Connection, statement: str, values: list[str]) -> list[tuple[str]]:
    return db.execute(statement, values).fetchall()
