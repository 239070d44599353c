"""Two years of a terminal: 100,000 visits through the memory's own calls, delivered, shredded, and tidied every day.

What should not grow is measured on two copies, of the end and of a year earlier, in turns: the store on the disk, a
commit, the looks that happen all the time, and an opening. The days pass in memory; the copies lie on the disk.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, in_turns
from contract.cases import Case, CaseAnswer
from contract.codes import CaseState, LoginWay
from contract.identity import Person
from offline_cache import Cache
from offline_cache.audit.log import KEPT_DAYS, head

DAYS, A_DAY = 730, 137
#: as many days after the audit log was last pruned as at the end
A_YEAR = 370
AUDIT_DAYS = 30
DATED = (("visits", "started_at"), ("visits", "ended_at"), ("outbox", "created_at"), ("prints", "changed_at"))


def run() -> list[Figure]:
    """At the end beside a year earlier: bytes, a savepoint, the agent's look, an opening."""
    logging.disable(logging.WARNING)
    with (
        tempfile.TemporaryDirectory(dir="/dev/shm", prefix="two-years-") as name,
        tempfile.TemporaryDirectory(prefix="two-years-") as disk,
    ):
        cache = Cache.open(Path(name))
        begun = datetime.now(UTC) - timedelta(days=DAYS)
        for day in range(1, DAYS + 1):
            _one_day(cache, begun + timedelta(days=day), day)
            if day in (A_YEAR, DAYS):
                cache.store.checkpoint()
                shutil.copytree(name, Path(disk) / str(day))
        cache.close()
        figures = _compared(Path(disk) / str(DAYS), Path(disk) / str(A_YEAR))
    logging.disable(logging.NOTSET)
    return figures


def _compared(late: Path, early: Path) -> list[Figure]:
    peer, when = f"after {A_YEAR * A_DAY:,}", f"after {DAYS * A_DAY:,} visits"
    sizes = [(folder / "store.db").stat().st_size / 1e6 for folder in (late, early)]
    figures = [Figure(f"store {when}", sizes[0], peer, sizes[1], "MB")]
    opened = in_turns(5, lambda: Cache.open(late).close(), lambda: Cache.open(early).close())
    caches = [Cache.open(late), Cache.open(early)]
    works: dict[str, list[Callable[[], object]]] = {"savepoint of 4 KB": [], "agent's look": []}
    for cache in caches:
        works["savepoint of 4 KB"].append(partial(cache.visits.save, cache.visits.begin(), b"x" * 4096))
        works["agent's look"].append(partial(_look, cache))
    for name, (newer, older) in works.items():
        ours, theirs = in_turns(1000, newer, older)
        for place, part in enumerate(("p50", "p99")):
            figures.append(Figure(f"{name}, {part}, {when}", ours[place], peer, theirs[place], "ms"))
    for cache in caches:
        cache.close()
    return [*figures, Figure(f"opening {when}", opened[0][0], peer, opened[1][0], "ms")]


def _look(cache: Cache) -> None:
    cache.outbox.due()
    cache.visits.shred_finished()


def _one_day(cache: Cache, day: datetime, number: int) -> None:
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
    if not number % AUDIT_DAYS:
        # delivered, and a month old: the platform has them, and they go
        cache.audit.delivered(head(cache.store.db)[0])
        cache.audit.prune(datetime.now(UTC) + timedelta(days=KEPT_DAYS + 1))


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
