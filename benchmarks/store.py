"""A commit of the terminal's store, beside raw sqlite3 with the same durability."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, in_turns
from offline_cache import Cache

TIMES = 1000


def run() -> list[Figure]:
    """Median and 99th percentile of a savepoint of 4 KB, and of a numbered receipt, in one run on the same disk."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = Cache.open(folder)
        visit = cache.visits.begin()
        state = b"x" * 4096
        raw = sqlite3.connect(folder / "raw.db", isolation_level=None)
        raw.execute("pragma journal_mode = wal")
        raw.execute("pragma synchronous = full")
        raw.execute("create table drafts (visit text primary key, sealed blob)")
        # in turns, so that a busy moment of the disk meets both
        ours, theirs = in_turns(
            TIMES,
            lambda: cache.visits.save(visit, state),
            lambda: raw.execute("insert or replace into drafts values ('v', ?)", [state]),
        )
        raw.close()
        cache.close()
    return [
        Figure("sealed savepoint of 4 KB, p50", ours[0], "raw sqlite3, not sealed", theirs[0], "ms"),
        Figure("sealed savepoint of 4 KB, p99", ours[1], "raw sqlite3, not sealed", theirs[1], "ms"),
    ]
