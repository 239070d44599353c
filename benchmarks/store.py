"""A commit of the terminal's store, beside raw sqlite3 with the same durability."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, milliseconds
from offline_cache import Cache

TIMES = 400


def run() -> list[Figure]:
    """Median and 95th percentile of a savepoint of 4 KB."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = Cache.open(folder)
        visit = cache.visits.begin()
        state = b"x" * 4096
        ours = milliseconds(lambda: cache.visits.save(visit, state), TIMES)
        cache.close()
        raw = sqlite3.connect(folder / "raw.db", isolation_level=None)
        raw.execute("pragma journal_mode = wal")
        raw.execute("pragma synchronous = full")
        raw.execute("create table drafts (visit text primary key, sealed blob)")
        theirs = milliseconds(lambda: raw.execute("insert or replace into drafts values ('v', ?)", [state]), TIMES)
        raw.close()
    return [
        Figure("sealed savepoint of 4 KB, median", ours[0], "raw sqlite3, not sealed", theirs[0], "ms"),
        Figure("sealed savepoint of 4 KB, p95", ours[1], "raw sqlite3, not sealed", theirs[1], "ms"),
    ]
