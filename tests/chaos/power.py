"""The power is cut after every write of a recorded run: `python -m tests.chaos.power [--visits N]`.

After each record of the log, three disks are left: with what was synced, with everything, and with a part chosen by
chance. On each the memory is opened as at the next start, and every promise made before the cut must be true.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from offline_cache import Cache
from tests.chaos.write_log import Disk, Record, recorded

WAYS = ("synced", "all", "chance")


@dataclass
class Books:
    """What was promised so far."""

    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    delivered: set[str] = field(default_factory=set)
    shredded: set[str] = field(default_factory=set)
    gone: list[bytes] = field(default_factory=list)
    papers: dict[str, str] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    generation: int = 0
    release: int = 0

    def take(self, record: Record) -> None:
        """One promise more."""
        said = json.loads(record.data)
        if "case" in said:
            self.cases[said["case"]] = said
        self.delivered |= {said["delivered"]} if "delivered" in said else set()
        self.shredded |= {said["shredded"]} if "shredded" in said else set()
        self.gone += [bytes.fromhex(said["gone"])] if "gone" in said else []
        if "paper" in said:
            self.papers[said["paper"]] = said["state"]
        self.receipts += [said["receipt"]] if "receipt" in said else []
        self.generation = said.get("generation", self.generation)
        self.release = said.get("release", self.release)


class Broken(AssertionError):
    """A promise is not true after a cut."""


def check(data: Path, books: Books) -> None:
    """Open the memory as at the next start. Raises Broken."""
    for path in data.rglob("*"):
        if path.is_file() and any(key in path.read_bytes() for key in books.gone):
            raise Broken(f"a shredded key is in {path.name}")
    cache = Cache.open(data)
    try:
        _require(not cache.set_aside.folders(), "a power cut is taken for damage")
        _require(not cache.vault.gone, "the key is gone")
        _require(cache.vault.generation(cache.store.db) >= books.generation, "an exchanged key is in use again")
        entries = {row["id"]: row for row in cache.store.db.table("outbox").rows}
        for identifier, case in books.cases.items():
            _require(identifier in entries, "a case is lost")
            if entries[identifier]["state"] == "delivered":
                continue
            visit = cache.visits.open(case["visit"])
            visit.key.open(entries[identifier]["sealed"], identifier)
            for digest in case["papers"]:
                cache.visits.material(visit, digest)
        for identifier, row in entries.items():
            if row["state"] == "waiting":
                # not promised yet, but there: then whole
                cache.visits.open(row["visit"]).key.open(row["sealed"], identifier)
        for identifier in books.delivered:
            _require(entries[identifier]["state"] == "delivered", "a delivered entry waits again")
        for identifier in books.shredded:
            [row] = cache.store.db.query("select wrapped_key from visits where id = ?", [identifier])
            _require(row["wrapped_key"] is None, "a shredded key is back")
        cache.prints.settle_interrupted()
        for identifier, state in books.papers.items():
            found = cache.prints.line(identifier).state
            _require(found == "confirmed" or (state, found) == ("sent", "uncertain"), f"a paper {state} is {found}")
        if books.receipts:
            _require(cache.facts.next_receipt_number("A01") > books.receipts[-1], "a receipt number comes twice")
        cache.visits.end_abandoned()
        cache.visits.begin()
    finally:
        cache.close()


def _require(true: bool, otherwise: str) -> None:
    if not true:
        raise Broken(otherwise)


def cuts(
    records: list[Record],
    seed: int,
    every: int = 1,
    disk: Disk | None = None,
    look: Callable[[Path, Books], None] = check,
) -> int:
    """Cut after every `every`th record of what was done on `disk`; how many disks were tried.

    `look` opens what is left and raises where a promise is not true. Raises Broken, saying where.
    """
    disk, books, chance, tried = disk or Disk(), Books(), random.Random(seed), 0
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="power-") as name:
        for number, record in enumerate(records):
            if record.kind == "A":
                books.take(record)
                continue
            disk.apply(record)
            if number % every:
                continue
            for way in WAYS:
                data = Path(name) / "data"
                data.mkdir()
                disk.leave(data, way, chance)
                try:
                    look(data, books)
                except Exception as error:
                    raise Broken(
                        f"cut after record {number} ({record.kind} {record.path}), {way}: {error!r}"
                    ) from error
                shutil.rmtree(data)
                tried += 1
    return tried


def main() -> int:
    """Record, cut, and say what was found."""
    parser = argparse.ArgumentParser(prog="power", description=__doc__)
    parser.add_argument("--visits", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="power-") as name:
        records = recorded(Path(name), "tests.chaos.power_workload", str(options.visits))
    promises = sum(record.kind == "A" for record in records)
    tried = cuts(records, options.seed)
    print(
        f"power: {options.visits} visits, {len(records)} writes and {promises} promises recorded;"
        f" cut after each, {tried} disks: every promise kept"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
