"""Opening store.db: SQLite in WAL mode with synchronous=FULL, through sqlite-utils.

A commit that returned survives a power cut (FULL syncs the WAL); deleted bytes are overwritten (secure_delete). Every
opening checks the whole database; one that is damaged is not opened (`offline_cache.rescue` sets it aside).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlite_utils import Database

from offline_cache.durable import sync
from offline_cache.errors import CacheFull, StoreBusy, StoreDamaged, StoreTooNew
from offline_cache.reserve import Reserve
from offline_cache.schema import migrations

#: how long one process waits while another writes, in seconds; a commit takes under 5 ms
BUSY_SECONDS = 5
#: how long an opening waits while another process rescues what is in a damaged database, in seconds
RESCUE_SECONDS = 60
#: auto_vacuum = incremental: what citizens' papers took on the disk is given back once they are shredded
INCREMENTAL = 2
#: pages given back in one go (80 MB, some 0.1 s), so that no citizen waits for it
FREED_AT_ONCE = 20_000


class Store:
    """The open database of a terminal. One per process; used from one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Raises StoreTooNew, StoreDamaged, StoreBusy, CacheFull."""
        self._damaged = damage_note(path)
        self._log = Path(f"{path}-wal")
        self._reserve = Reserve(path.parent)
        self._in_use = held(path.with_suffix(".use"), fcntl.LOCK_SH, RESCUE_SECONDS)
        try:
            if self._damaged.exists():
                raise StoreDamaged("the database was found damaged before")
            with self._typed_errors():
                self._db = Database(sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False))
                self._prepare(path)
        except BaseException:
            self._in_use.close()
            raise

    def _prepare(self, path: Path) -> None:
        # kiosk and agent start together: one migrates, the other waits
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._db.execute("pragma secure_delete = on")
            self._check()
            if not self._db.execute("pragma page_count").fetchone()[0]:
                self._db.execute(f"pragma auto_vacuum = {INCREMENTAL}")
            self._db.enable_wal()
            self._db.execute("pragma synchronous = full")
            mine = {migration.name for migration in migrations.pending(Database(memory=True))}
            unknown = {migration.name for migration in migrations.applied(self._db)} - mine
            if unknown:
                raise StoreTooNew(
                    f"the database was written by a newer version of this software (it knows {sorted(unknown)}):"
                    " install that version again; nothing was touched"
                )
            migrations.apply(self._db)
            if self._db.execute("pragma auto_vacuum").fetchone()[0] != INCREMENTAL:
                self._db.execute(f"pragma auto_vacuum = {INCREMENTAL}")
                self._db.execute("vacuum")

    def _check(self) -> None:
        """Every page and index. Raises StoreDamaged."""
        [said] = self._db.execute("pragma integrity_check(1)").fetchone()
        if said != "ok":
            note_damage(self._damaged)
            raise StoreDamaged(str(said).splitlines()[-1])

    @property
    def db(self) -> Database:
        """The database, for reading. Raises StoreDamaged once any process found it damaged."""
        if self._damaged.exists():
            raise StoreDamaged("another program of this terminal found the database damaged")
        return self._db

    @contextmanager
    def _typed_errors(self) -> Iterator[None]:
        """Turn SQLite's "disk is full" into CacheFull and its "malformed" into StoreDamaged; the rest goes through."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "is full" in str(error) or "disk I/O" in str(error):
                raise CacheFull("the disk is full") from None
            raise
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorname in ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CORRUPT_VTAB"):
                note_damage(self._damaged)
                raise StoreDamaged(str(error)) from None
            raise

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All or nothing. Raises CacheFull, StoreDamaged.

        Immediate: a transaction that reads first and writes later fails at once when the other process wrote between.
        """
        self._reserve.ease()
        with self._typed_errors():
            db = self.db
            db.execute("begin immediate")
            try:
                yield db
                db.execute("commit")
            except BaseException:
                if db.conn.in_transaction:
                    db.execute("rollback")
                raise

    def checkpoint(self) -> bool:
        """Fold the WAL into the database and empty it: shredded keys leave the disk only then. Raises CacheFull.

        False when somebody still reads what the WAL holds: ask again later.
        """
        with self._typed_errors():
            # a step frees one page, and only executescript takes every step
            self.db.conn.executescript(f"pragma incremental_vacuum({FREED_AT_ONCE})")
            ((busy, _, _),) = self.db.execute("pragma wal_checkpoint(truncate)").fetchall()
            if not busy:
                self._sync_log()
        return not busy

    def _sync_log(self) -> None:
        """SQLite does not sync a log it has cut to nothing: after a power cut the shredded keys would be back in it."""
        with contextlib.suppress(FileNotFoundError):
            sync(self._log)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()
        self._in_use.close()


def damage_note(store: Path) -> Path:
    """The file whose being there says that the database is damaged: nobody reads or writes it any more."""
    return store.with_suffix(".damaged")


def note_damage(note: Path) -> None:
    """Tell every program of this terminal to let go of the database."""
    with note.open("a") as file:
        os.fsync(file.fileno())


def held(path: Path, how: int, seconds: float) -> IO[bytes]:
    """`path`, locked (flock) until it is closed. Raises StoreBusy after `seconds`, CacheFull."""
    try:
        file = path.open("ab")
    except OSError as error:
        raise CacheFull(f"{path.name} cannot be made ({error.strerror})") from None
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            if time.monotonic() > deadline:
                file.close()
                raise StoreBusy(f"another program holds {path.name}") from None
            time.sleep(0.02)
