"""A damaged database is set aside whole; what can be read of it goes, row by row, into a new one.

Every step can be cut and is taken up again by the next opening: `store.damaged` names the folder, and while it is there
nobody uses the database. Rows are read through SQLite where it can, and from the raw pages where it can not.
"""

from __future__ import annotations

import fcntl
import json
import logging
import sqlite3
import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from offline_cache.audit import Event, note
from offline_cache.durable import sync, write_private
from offline_cache.key_holders.choice import holders_found
from offline_cache.raw_pages import ROWID_IS, fits, records
from offline_cache.schema import migrations
from offline_cache.store import INCREMENTAL, damage_note, held

log = logging.getLogger(__name__)

#: seconds the other program has to see that the database is damaged and let go
LET_GO_SECONDS = 20
#: set-aside databases, a folder each
FOLDER = "set-aside"
#: the fact by which the sync agent tells the operator
FACT = "store_rescue"
_SUFFIXES = ("", "-wal", "-shm")


def rescue(store: Path) -> None:
    """Set `store` aside and begin a new one with what can be read of it. Raises StoreBusy, CacheFull.

    Nothing, where another process has done it meanwhile.
    """
    note = damage_note(store)
    with held(store.with_suffix(".use"), fcntl.LOCK_EX, LET_GO_SECONDS):
        if not note.exists():
            return
        folder = _set_aside(store, note)
        new = store.with_suffix(".rescued")
        for suffix in _SUFFIXES:
            Path(f"{new}{suffix}").unlink(missing_ok=True)
        kept = _fill(new, folder / store.name, store.parent / "keys")
        for suffix in _SUFFIXES:
            Path(f"{store}{suffix}").unlink(missing_ok=True)
        new.rename(store)
        sync(store.parent)
        note.unlink()
        sync(store.parent)
    log.critical("the database was damaged and is set aside in %s; rows rescued: %s", folder, kept)


def _set_aside(store: Path, note: Path) -> Path:
    """The folder with the damaged files; what a cut left here of them is moved after the others."""
    said = note.read_text("ascii").strip()
    folder = store.parent / FOLDER / (said or f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    if not said:
        write_private(note, folder.name.encode())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for suffix in _SUFFIXES:
        here, there = Path(f"{store}{suffix}"), folder / f"{store.name}{suffix}"
        if here.exists() and not there.exists():
            here.rename(there)
    sync(folder)
    sync(folder.parent)
    sync(store.parent)
    return folder


def _fill(new: Path, damaged: Path, keys: Path) -> dict[str, int]:
    """Make `new` of what is readable in `damaged`; rows kept, by table."""
    target = Database(sqlite3.connect(new, isolation_level=None))
    target.execute(f"pragma auto_vacuum = {INCREMENTAL}")
    migrations.apply(target)
    columns = {
        name: tuple(column.name for column in target.table(name).columns)
        for name in target.table_names()
        # a chain with gaps proves nothing: the rescued database begins its own
        if not name.startswith(("sqlite_", "_sqlite_", "audit"))
    }
    target.execute("begin")
    for table, row in _rows(damaged, columns):
        _keep(target, table, row)
    _name_generations(target, holders_found(keys), damaged.parent.name)
    report = {"at": time.time(), "folder": damaged.parent.name}
    target.table("facts").upsert({"name": FACT, "value": json.dumps(report), "changed_at": time.time()}, pk="name")
    waiting = target.table("outbox").count_where("state != 'delivered'")
    note(target, Event.STORE_RESCUED, undelivered=waiting)
    target.execute("commit")
    kept = {name: target.table(name).count for name in columns}
    target.close()
    return kept


def _rows(damaged: Path, columns: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row that can be had, the same one perhaps twice; the surer reading first."""
    for table in columns:
        for direction in ("asc", "desc"):
            if (yield from _through_sqlite(damaged, table, direction)):
                break
    for values in records(damaged):
        for table, names in columns.items():
            if fits(table, values.values):
                given = dict(zip(names, values.values, strict=False))
                if table in ROWID_IS:
                    given[ROWID_IS[table]] = values.rowid
                yield table, given


def _through_sqlite(damaged: Path, table: str, direction: str) -> Generator[tuple[str, dict[str, Any]], None, bool]:
    """Rows until a page is broken; whether that was all of them."""
    db = sqlite3.connect(f"file:{damaged}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        for row in db.execute(f"select * from {table} order by rowid {direction}"):
            yield table, dict(row)
    except sqlite3.OperationalError as error:
        return "no such table" in str(error)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    finally:
        db.close()
    return True


def _keep(target: Database, table: str, row: dict[str, Any]) -> None:
    """Keep it unless a row of that key was kept before, or it is no row of this table."""
    known = {column.name for column in target.table(table).columns}
    own = {name: value for name, value in row.items() if name in known}
    names, places = ", ".join(own), ", ".join("?" * len(own))
    try:
        target.execute(f"insert or ignore into {table} ({names}) values ({places})", list(own.values()))
    except sqlite3.DatabaseError:
        log.error("a row of %s is not one and is left in the set-aside database", table)


def _name_generations(target: Database, found: dict[int, str], folder: str) -> None:
    """Keys that wrap something are known and stay as long as the set-aside database may need them."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S+00:00}"
    for generation, holder in found.items():
        line = {"generation": generation, "holder": holder, "made_at": now}
        target.table("key_generations").insert(line, ignore=True)
        target.table("set_aside_keys").insert({"generation": generation, "folder": folder}, ignore=True)
