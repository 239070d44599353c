"""Visits: savepoints, materials, and shredding that leaves nothing to find."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.cases import CaseAnswer
from contract.codes import CaseState
from contract.terminals import ParkReason
from offline_cache import Cache
from offline_cache.errors import Unreadable
from offline_cache.visits import Visit
from tests.fleet.sample_cases import proof_case

#: what a thief with the disk would look for
NEEDLES = [
    text.encode(encoding)
    for text in ("李样本", "370299198506070018", "海湾市测试路一百号")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
]


def disk(cache: Cache) -> bytes:
    """Every byte SQLite keeps on the disk."""
    cache.facts.tell("network", "online")  # the connection stays open: -wal and -shm exist as in a running terminal
    return b"".join((cache.data / name).read_bytes() for name in ("store.db", "store.db-wal", "store.db-shm"))


def answer_to(case_id: object) -> CaseAnswer:
    return CaseAnswer(case_id=case_id, state=CaseState.CONCLUDED, case_number="3702-1", accepted_at=datetime.now(UTC))


def a_whole_visit(cache: Cache) -> tuple[Visit, str, list[bytes]]:
    """A visit with draft, material, case and the platform's answer, all of the same person; its sealed records too."""
    visit = cache.visits.begin()
    cache.visits.save(visit, "李样本 370299198506070018 海湾市测试路一百号".encode() * 50)
    cache.visits.keep_material(visit, "李样本".encode("gb18030") * 10_000)
    case = proof_case()
    cache.outbox.put_case(visit, case)
    (entry,) = cache.outbox.due()
    cache.outbox.delivered(entry, visit, answer_to(case.case_id))
    db = cache.store.db
    records = [row["wrapped_key"] for row in db.table("visits").rows_where("id = ?", [visit.id])]
    for table in ("drafts", "materials", "outbox", "answers"):
        records += [row["sealed"] for row in db.table(table).rows_where("visit = ?", [visit.id])]
    assert len(records) == 5
    # a long record is spread over pages: its first bytes stand together
    return visit, str(case.case_id), [record[:40] for record in records]


def test_a_savepoint_comes_back_as_it_was_and_replaces_the_last(cache: Cache) -> None:
    visit = cache.visits.begin()
    assert cache.visits.saved(visit) is None
    for state in (b"first", "第二页".encode(), b""):
        cache.visits.save(visit, state)
        assert cache.visits.saved(visit) == state


def test_a_savepoint_survives_a_restart(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    visit = cache.visits.begin()
    cache.visits.save(visit, b"half a form")
    cache.close()
    cache = Cache.open(tmp_path)
    assert cache.visits.saved(cache.visits.open(visit.id)) == b"half a form"
    cache.close()


def test_a_material_is_found_by_its_hash_until_it_is_dropped(cache: Cache, visit: Visit) -> None:
    digest = cache.visits.keep_material(visit, b"page one")
    assert cache.visits.keep_material(visit, b"page one") == digest
    assert cache.visits.material(visit, digest) == b"page one"
    cache.visits.drop_material(visit, digest)
    with pytest.raises(Unreadable):
        cache.visits.material(visit, digest)


def test_one_visit_cannot_read_anothers_material(cache: Cache, visit: Visit) -> None:
    digest = cache.visits.keep_material(visit, b"page one")
    with pytest.raises(Unreadable):
        cache.visits.material(cache.visits.begin(), digest)
    with pytest.raises(Unreadable):
        cache.visits.material(Visit(visit.id, cache.visits.begin().key), digest)


def test_nothing_of_a_citizen_is_ever_on_the_disk_in_plain(cache: Cache) -> None:
    _, _, records = a_whole_visit(cache)
    kept = disk(cache)
    assert all(record in kept for record in records), "the search itself must be able to find something"
    assert not [needle for needle in NEEDLES if needle in kept]


def test_once_shredded_neither_key_nor_ciphertext_is_on_the_disk(cache: Cache) -> None:
    visit, case_id, records = a_whole_visit(cache)
    cache.visits.end(visit.id)
    assert cache.visits.shred_finished() == 1
    kept = disk(cache)
    assert not [record for record in records if record in kept]
    assert not [needle for needle in NEEDLES if needle in kept]
    with pytest.raises(Unreadable):
        cache.visits.open(visit.id)
    assert cache.outbox.answer(visit, case_id) is None
    assert cache.outbox.state(case_id) == "delivered"
    assert cache.visits.shred_finished() == 0


def test_a_shredded_key_leaves_the_wal_as_soon_as_nobody_reads_it_any_more(cache: Cache) -> None:
    visit, _, records = a_whole_visit(cache)
    cache.visits.end(visit.id)
    cache.store.db.execute("pragma busy_timeout = 50")
    reader = sqlite3.connect(cache.data / "store.db")
    reader.execute("begin")
    reader.execute("select * from visits").fetchall()
    assert cache.visits.shred_finished() == 1
    reader.close()
    cache.visits.shred_finished()
    kept = disk(cache)
    assert not [record for record in records if record in kept]


def test_a_kill_between_shredding_and_emptying_the_wal_is_made_good_at_the_next_start(cache: Cache) -> None:
    visit, _, records = a_whole_visit(cache)
    cache.visits.end(visit.id)
    checkpoint, cache.store.checkpoint = cache.store.checkpoint, lambda: True  # type: ignore[method-assign]
    cache.visits.shred_finished()
    cache.store.checkpoint = checkpoint  # type: ignore[method-assign]
    assert any(record in disk(cache) for record in records)
    again = Cache.open(cache.data)
    again.visits.shred_finished()
    assert not [record for record in records if record in disk(cache)]
    again.close()


def test_an_open_visit_is_never_shredded(cache: Cache, visit: Visit) -> None:
    cache.visits.save(visit, b"still here")
    assert cache.visits.shred_finished() == 0
    assert cache.visits.saved(visit) == b"still here"


@pytest.mark.parametrize("parked", [False, True])
def test_a_visit_that_owes_the_platform_something_is_not_shredded(cache: Cache, visit: Visit, parked: bool) -> None:
    digest = cache.visits.keep_material(visit, b"paper")
    cache.outbox.put_case(visit, proof_case())
    (entry,) = cache.outbox.due()
    if parked:
        cache.outbox.objected(entry, ParkReason.UNREADABLE)
        assert cache.outbox.state(entry.id) == "parked"
    cache.visits.end(visit.id)
    assert cache.visits.shred_finished() == 0
    again = cache.visits.open(visit.id)
    assert cache.visits.material(again, digest) == b"paper"
    assert b"370299198506070018" in again.key.open(entry.sealed, entry.id)
    cache.outbox.delivered(entry, again)
    assert cache.visits.shred_finished() == 1


def test_the_draft_goes_when_the_citizen_leaves_and_the_case_stays(cache: Cache, visit: Visit) -> None:
    cache.visits.save(visit, b"half a form")
    cache.outbox.put_case(visit, proof_case())
    cache.visits.end(visit.id)
    assert cache.visits.saved(visit) is None
    assert len(cache.outbox.due()) == 1


def test_visits_a_power_cut_left_open_are_ended_and_then_shredded(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    abandoned, finished = cache.visits.begin(), cache.visits.begin()
    cache.visits.end(finished.id)
    cache.visits.save(abandoned, b"half a form")
    cache.close()
    cache = Cache.open(tmp_path)
    assert cache.visits.end_abandoned() == 1
    assert cache.visits.end_abandoned() == 0
    assert cache.visits.saved(abandoned) is None
    assert cache.visits.shred_finished() == 2
    cache.close()


def test_shredding_one_visit_leaves_the_others_alone(cache: Cache, visit: Visit) -> None:
    cache.visits.save(visit, b"mine")
    other = cache.visits.begin()
    cache.visits.end(other.id)
    assert cache.visits.shred_finished() == 1
    assert cache.visits.saved(cache.visits.open(visit.id)) == b"mine"
