"""Whether a log is what was written: of a terminal's database, and of an exported file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlite_utils import Database

from contract.audit import AuditLine, Broken, canonical, first_broken, first_hash
from offline_cache.audit.log import chain_of, rows_of


@dataclass(frozen=True)
class Log:
    """A log as it is found: what stands before its first line, and its lines, unchecked."""

    chain: str
    number: int
    hash: str
    #: the last line the platform has said it has
    delivered: int
    rows: list[dict[str, Any]]


def read_database(path: Path) -> Log:
    """The log of a terminal's store.db, also while the terminal runs. Raises OSError, ValueError."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there")
    try:
        raw = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        db = Database(raw)
        db.execute("begin")  # chain and lines of one moment
        chain = chain_of(db)
        rows = rows_of(db)
        db.close()
    except (sqlite3.DatabaseError, TypeError, ValueError) as error:
        raise ValueError(f"{path} holds no audit log that can be read ({error})") from None
    return Log(chain.chain, chain.number, chain.hash, chain.delivered, rows)


def read_file(path: Path) -> Log:
    """The log of an exported file. Raises OSError, ValueError."""
    try:
        first, *lines = path.read_bytes().rstrip(b"\n").split(b"\n")
        head = json.loads(first)
        return Log(head["chain"], head["number"], head["hash"], head["delivered"], list(map(_row, lines)))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no export of an audit log ({type(error).__name__})") from None


def _row(line: bytes) -> dict[str, Any]:
    """A line of an export; {} where it is none, or not written as `written` does."""
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) and canonical(row).encode("ascii") == line else {}


def written(log: Log) -> Iterator[str]:
    """A log as the lines of an export: JSON, the first says what stands before the others."""
    yield canonical({"chain": log.chain, "number": log.number, "hash": log.hash, "delivered": log.delivered})
    yield from (canonical(row) for row in log.rows)


def broken(log: Log, head: tuple[int, str] | None = None) -> Broken | None:
    """The first line that is wrong; None where all is right. `head`: number and hash of a line known from elsewhere."""
    if log.number == 0 and log.hash != first_hash(log.chain):
        return Broken(1, "the chain does not begin with its own id")
    checked: list[AuditLine] = []
    wrong = None
    for place, row in enumerate(log.rows, log.number + 1):
        line = _line(row)
        if line is None:
            wrong = Broken(place, "it is no line of an audit log")
            break
        checked.append(line)
    found = first_broken(checked, log.number, log.hash) or wrong
    if found is not None:
        return found
    last = log.number + len(checked)
    if log.delivered > last:
        return Broken(last + 1, f"the end is cut off: the platform has {log.delivered} lines")
    return _against(checked, log, head) if head else None


def _line(row: Mapping[str, Any]) -> AuditLine | None:
    try:
        line = AuditLine.model_validate({**row, "fields": json.loads(row["fields"])})
    except (ValidationError, ValueError, TypeError, KeyError):
        return None
    return line if canonical(line.fields) == row["fields"] else None


def _against(lines: Iterable[AuditLine], log: Log, head: tuple[int, str]) -> Broken | None:
    number, digest = head
    hashes = {line.number: line.hash for line in lines} | {log.number: log.hash}
    if number < log.number:
        return None
    if number not in hashes:
        return Broken(max(hashes) + 1, f"the end is cut off: line {number} is known")
    return None if hashes[number] == digest else Broken(number, "another line of this number is known")
