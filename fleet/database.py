"""The platform's database: SQLite by default, the same code on PostgreSQL. Migrations run when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.orm import Session

from fleet.tables import Sequence

#: How long a writer waits for another, seconds. Transactions here last milliseconds; ten seconds is a fault.
BUSY_SECONDS = 10


class Database:
    """Sessions on the platform's database.

    `reading()` and `writing()` are transactions; a writing one takes SQLite's write lock at its start, so that
    it never fails half-way because somebody else wrote first.
    """

    def __init__(self, path: Path) -> None:
        self.engine = _engine(path)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for queries."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at its end, or changes nothing if an exception leaves it."""
        with (
            self.engine.connect().execution_options(writes=True) as connection,
            Session(connection, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def open_database(path: Path) -> Database:
    """The database at `path`, brought to the newest migration."""
    from alembic import command
    from alembic.config import Config

    database = Database(path)
    config = Config()
    config.set_main_option("script_location", "fleet:migrations")
    config.set_main_option("path_separator", "os")
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    path.chmod(0o600)
    return database


def next_number(session: Session, name: str) -> int:
    """The next of the running number `name`: 1, 2, 3 …; never given twice, in a writing session only."""
    row = session.scalars(select(Sequence).where(Sequence.name == name).with_for_update()).one_or_none()
    if row is None:
        row = Sequence(name=name, value=0)
        session.add(row)
    row.value += 1
    session.flush()
    return row.value


def _engine(path: Path) -> Engine:
    # parameters are of people; an error that quoted them would carry them into the log
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy, not sqlite3, says when a transaction begins
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
