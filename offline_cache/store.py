"""Opening store.db: SQLite in WAL mode with synchronous=FULL, through sqlite-utils.

A commit that returned survives a power cut (FULL syncs the WAL); deleted bytes are overwritten (secure_delete).
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from offline_cache.errors import CacheFull, StoreTooNew
from offline_cache.schema import migrations

#: how long one process waits while another writes, in seconds; a commit takes under 5 ms
BUSY_SECONDS = 5


class Store:
    """The open database of a terminal. One per process; used from one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Raises StoreTooNew, CacheFull."""
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
        self.db = Database(connection)
        self.db.execute("pragma synchronous = full")
        self.db.execute("pragma secure_delete = on")
        # kiosk and agent start together: one migrates, the other waits
        with self.writing(), path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.db.enable_wal()
            mine = {migration.name for migration in migrations.pending(Database(memory=True))}
            unknown = {migration.name for migration in migrations.applied(self.db)} - mine
            if unknown:
                raise StoreTooNew(f"the database knows {sorted(unknown)}")
            migrations.apply(self.db)

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Turn SQLite's "disk is full" into CacheFull; everything else goes through."""
        try:
            yield self.db
        except sqlite3.OperationalError as error:
            if "is full" in str(error) or "disk I/O" in str(error):
                raise CacheFull("the disk is full") from None
            raise

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All or nothing. Raises CacheFull.

        Immediate: a transaction that reads first and writes later fails at once when the other process wrote between.
        """
        with self.writing() as db:
            db.execute("begin immediate")
            try:
                yield db
                db.execute("commit")
            except BaseException:
                if db.conn.in_transaction:
                    db.execute("rollback")
                raise

    def checkpoint(self) -> bool:
        """Fold the WAL into the database and empty it: shredded keys leave the disk only then.

        False when somebody still reads what the WAL holds: ask again later.
        """
        with self.writing():
            ((busy, _, _),) = self.db.execute("pragma wal_checkpoint(truncate)").fetchall()
        return not busy

    def close(self) -> None:
        """Close the connection."""
        self.db.close()
