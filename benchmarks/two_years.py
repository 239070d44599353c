"""Two years of a terminal: 100,000 visits through the memory's own calls, delivered, shredded, and tidied every day.

What should not grow is measured after half a year and at the end: the store on the disk, a commit, and the looks that
happen all the time. The days pass in memory; the commits are measured on the disk.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import Figure, in_turns
from contract.cases import Case, CaseAnswer
from contract.codes import CaseState, LoginWay
from contract.identity import Person
from offline_cache import Cache

DAYS, A_DAY = 730, 137
HALF_A_YEAR = 182
DATED = (("visits", "started_at"), ("visits", "ended_at"), ("outbox", "created_at"), ("prints", "changed_at"))


def run() -> list[Figure]:
    """At the end beside half a year: bytes, and p50 and p99 of a savepoint and of the agent's look."""
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="two-years-") as name:
        data, seen = Path(name), []
        cache = Cache.open(data)
        begun = datetime.now(UTC) - timedelta(days=DAYS)
        for day in range(1, DAYS + 1):
            _one_day(cache, begun + timedelta(days=day))
            if day in (HALF_A_YEAR, DAYS):
                seen.append(_measured(cache, data))
        visits = DAYS * A_DAY
        cache.close()
    logging.disable(logging.NOTSET)
    (early, late), peer = seen, "after 25,000 visits"
    names = ("store", "savepoint, p50", "savepoint, p99", "agent's look, p50", "agent's look, p99", "opening")
    units = ("MB", "ms", "ms", "ms", "ms", "ms")
    return [
        Figure(f"{name} after {visits:,} visits", now, peer, before, unit)
        for name, now, before, unit in zip(names, late, early, units, strict=True)
    ]


def _one_day(cache: Cache, day: datetime) -> None:
    for _ in range(A_DAY):
        _visit(cache)
    # the day's rows bear its date
    moment, today = day.isoformat(timespec="seconds"), datetime.now(UTC).isoformat()[:10]
    with cache.store.transaction() as db:
        for table, column in DATED:
            db.execute(f"update {table} set {column} = ? where {column} >= ?", [moment, today])
        db.execute("update counters set name = ? where name = ?", [f"{day:%Y%m%d}", f"{datetime.now():%Y%m%d}"])
    cache.quotas.keep(day.timestamp())
    cache.vault.rotate()


def _visit(cache: Cache) -> None:
    visit = cache.visits.begin()
    cache.visits.save(visit, b"x" * 2000)
    digest = cache.visits.keep_material(visit, os.urandom(2000))
    case = Case(
        case_id=uuid.uuid4(),
        receipt_number=cache.facts.next_receipt_number("A01"),
        terminal_id="HW-0001",
        task_code="proof",
        item_name="参保证明打印",
        release_version=1,
        login=LoginWay.ID_CARD,
        applicant=Person(name="李样本", number="370299198506070018"),
        submitted_at=datetime.now(UTC),
    )
    cache.outbox.put_case(visit, case)
    paper = cache.prints.plan(visit.id, "certificate", digest[:12], once=True)
    cache.prints.set(paper, "sent")
    cache.prints.set(paper, "confirmed")
    [entry] = cache.outbox.due()
    answer = CaseAnswer(case_id=case.case_id, case_number=digest[:12], state=CaseState.ACCEPTED)
    cache.outbox.delivered(entry, visit, answer)
    cache.visits.end(visit.id)
    cache.visits.shred_finished()


def _measured(cache: Cache, data: Path) -> tuple[float, ...]:
    cache.store.checkpoint()
    with tempfile.TemporaryDirectory() as name:
        disk = Path(name) / "data"
        shutil.copytree(data, disk)
        size = (disk / "store.db").stat().st_size / 1e6
        begun = time.perf_counter()
        copy = Cache.open(disk)
        opening = (time.perf_counter() - begun) * 1000
        visit = copy.visits.begin()
        saved, looked = in_turns(
            500,
            lambda: copy.visits.save(visit, b"x" * 4096),
            lambda: (copy.outbox.due(), copy.visits.shred_finished()),
        )
        copy.close()
    return size, *saved, *looked, opening
