"""How much of each kind is kept: what is old or too much goes, what somebody waits for never does."""

from __future__ import annotations

import os
import sqlite3
import time

import pytest

from offline_cache import Cache
from offline_cache.errors import VisitFull
from offline_cache.quotas import Kept, Quotas
from offline_cache.visits import Visit
from tests.fleet.sample_cases import proof_case

DAY = 86400.0


def quotas(cache: Cache, **kept: Kept) -> Quotas:
    return Quotas(cache.store, undelivered=2_000_000, visit=1_000_000, kept=kept)


def finished(cache: Cache) -> str:
    """A visit that is over, delivered and shredded."""
    visit, case = cache.visits.begin(), proof_case()
    cache.outbox.put_case(visit, case)
    cache.prints.set(cache.prints.plan(visit.id, "certificate", str(case.case_id), once=True), "sent")
    cache.visits.end(visit.id)
    [entry] = cache.outbox.due()
    cache.outbox.delivered(entry, cache.visits.open(visit.id))
    cache.visits.shred_finished()
    return visit.id


def test_what_is_old_goes_and_what_waits_stays(cache: Cache, visit: Visit) -> None:
    finished(cache)
    cache.outbox.put_case(visit, proof_case())
    cache.visits.end(visit.id)
    rules = {"visits": Kept(90, 1000), "outbox": Kept(90, 1000)}
    assert quotas(cache, **rules).keep() == 0
    assert quotas(cache, **rules).keep(time.time() + 89 * DAY) == 0
    assert quotas(cache, **rules).keep(time.time() + 91 * DAY) == 2
    assert [row["id"] for row in cache.store.db.table("visits").rows] == [visit.id]
    assert len(cache.outbox.due()) == 1


def test_what_is_too_much_goes_the_oldest_first(cache: Cache) -> None:
    visits = [finished(cache) for _ in range(12)]
    for number, identifier in enumerate(visits):
        cache.store.db.execute("update visits set ended_at = ? where id = ?", [f"2026-11-{10 + number}", identifier])
    cache.store.db.conn.commit()
    assert quotas(cache, visits=Kept(10_000, 5)).keep() == 7
    assert [row["id"] for row in cache.store.db.table("visits").rows_where(order_by="ended_at")] == visits[7:]


def test_a_certificate_nobody_knows_of_is_never_forgotten(cache: Cache) -> None:
    finished(cache)
    cache.prints.settle_interrupted()
    far = time.time() + 5000 * DAY
    assert quotas(cache, prints=Kept(400, 0)).keep(far) == 0
    [line] = cache.prints.uncertain()
    cache.prints.set(line.id, "confirmed", "looked", by="W-001")
    assert quotas(cache, prints=Kept(400, 10)).keep(far) == 1
    assert cache.store.db.table("print_events").count == 0


def test_the_history_of_a_paper_that_is_kept_cannot_be_removed(cache: Cache) -> None:
    finished(cache)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"), cache.store.transaction() as db:
        db.execute("delete from print_events")


def test_the_papers_of_one_visit_have_a_limit(cache: Cache, visit: Visit) -> None:
    cache.visits._most = 1_000_000
    kept = [cache.visits.keep_material(visit, os.urandom(240_000)) for _ in range(4)]
    with pytest.raises(VisitFull):
        cache.visits.keep_material(visit, os.urandom(240_000))
    assert len(cache.visits.material(visit, kept[-1])) == 240_000
    cache.visits.drop_material(visit, kept[0])
    cache.visits.keep_material(visit, os.urandom(240_000))


def test_what_waits_for_the_network_closes_the_terminal_before_it_fills_the_disk(cache: Cache, visit: Visit) -> None:
    little = quotas(cache)
    assert little.leave_room()
    for _ in range(9):
        cache.visits.keep_material(visit, os.urandom(240_000))
    assert not little.leave_room()
    cache.visits.end(visit.id)
    cache.visits.shred_finished()
    assert little.leave_room()
