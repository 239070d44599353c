"""The store: two writers, versions, a full disk."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from sqlite_utils import Database

from offline_cache import Cache
from offline_cache.errors import CacheFull, StoreTooNew
from offline_cache.reserve import BYTES
from offline_cache.schema import migrations
from offline_cache.store import Store
from offline_cache.vault import DataKey
from tests.fleet.sample_cases import proof_case

ROOT = Path(__file__).parents[2]


def program(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.offline_cache.terminal_programs", *arguments],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def together(programs: list[subprocess.Popen[str]]) -> list[str]:
    """Let them go at the same moment; what each wrote."""
    for one in programs:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    said = []
    for one in programs:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in programs:
        output, errors = one.communicate(timeout=60)
        assert one.returncode == 0, errors
        said.append(output)
    return said


def test_two_processes_that_write_at_once_lose_nothing_and_are_never_locked_out(tmp_path: Path) -> None:
    times = 200
    numbers = "".join(together([program("count", str(tmp_path), name, str(times)) for name in ("kiosk", "agent")]))
    taken = numbers.split()
    assert len(set(taken)) == len(taken) == 2 * times
    cache = Cache.open(tmp_path)
    assert all(cache.facts.ask(f"{name} {n}") == n for name in ("kiosk", "agent") for n in range(times))
    cache.close()


def test_programs_that_first_open_a_memory_together_share_one_key(tmp_path: Path) -> None:
    keys = together([program("open", str(tmp_path)) for _ in range(3)])
    assert len(set(keys)) == 1
    cache = Cache.open(tmp_path)
    visits = [row["id"] for row in cache.store.db.table("visits").rows]
    assert len(visits) == 3
    for identifier in visits:
        cache.visits.open(identifier)
    cache.close()


def test_a_commit_is_synced_and_deleted_bytes_are_overwritten(cache: Cache) -> None:
    def pragma(name: str) -> object:
        return cache.store.db.execute(f"pragma {name}").fetchone()[0]

    assert (pragma("journal_mode"), pragma("synchronous"), pragma("secure_delete")) == ("wal", 2, 1)


def test_what_fails_in_the_middle_of_a_transaction_leaves_nothing(cache: Cache) -> None:
    with pytest.raises(RuntimeError), cache.store.transaction() as db:
        db.table("counters").insert({"name": "one", "value": 1})
        db.table("facts").upsert({"name": "two", "value": "2", "changed_at": 0.0}, pk="name")
        raise RuntimeError
    assert cache.store.db.table("counters").count == cache.store.db.table("facts").count == 0
    cache.facts.tell("three", 3)
    assert cache.facts.ask("three") == 3


def test_a_store_opened_again_keeps_everything(tmp_path: Path) -> None:
    for number in range(3):
        cache = Cache.open(tmp_path)
        assert cache.facts.ask("times", 0) == number
        cache.facts.tell("times", number + 1)
        cache.close()


def test_a_store_of_a_newer_version_is_refused_and_no_byte_of_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    Store(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("insert into _sqlite_migrations (migration_set, name, applied_at)"
                      " values ('terminal', 'm999_from_the_future', '2030')")  # fmt: skip
    newer.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="m999_from_the_future"):
        Store(path)
    assert path.read_bytes() == before


#: a visit's rows as each released version of the schema wrote them
VERSIONS = ("m001_first", "m002_logins", "m003_prints", "m004_keys", "m005_delivery")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_store_of_any_released_version_is_taken_over_with_what_it_holds(tmp_path: Path, version: str) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    key = os.urandom(32)
    (tmp_path / "keys" / "development.kek").write_bytes(key)
    old = Database(sqlite3.connect(tmp_path / "store.db"))
    names = [migration.name for migration in migrations.pending(old)]
    assert set(VERSIONS) <= set(names), "every version is tried"
    migrations.apply(old, stop_before=names[names.index(version) + 1] if version != names[-1] else None)
    data_key = os.urandom(32)
    old.table("visits").insert({
        "id": "a-visit", "started_at": "2026-11-21T08:00:00+00:00", "ended_at": None,
        "wrapped_key": DataKey(key).seal(data_key, "a-visit"),
    })  # fmt: skip
    case = proof_case()
    old.table("outbox").insert({
        "id": str(case.case_id), "visit": "a-visit", "kind": "case", "after": "", "state": "waiting", "attempts": 0,
        "next_at": 0.0, "problem": "", "created_at": "2026-11-21T08:05:00+00:00",
        "sealed": DataKey(data_key).seal(case.model_dump_json().encode(), str(case.case_id)),
    })  # fmt: skip
    line = {"id": "a-paper", "visit": "a-visit", "kind": "receipt", "number": "A01-1121-0001", "state": "confirmed",
            "reason": "", "changed_at": "2026-11-21T08:06:00+00:00"}  # fmt: skip
    old.table("prints").insert(line)
    old.conn.commit()
    old.close()

    for _ in range(2):
        cache = Cache.open(tmp_path)
        [entry] = cache.outbox.due()
        assert cache.visits.open(entry.visit).key.open(entry.sealed, entry.id) == case.model_dump_json().encode()
        assert (cache.prints.line("a-paper").state, cache.prints.line("a-paper").attempt) == ("confirmed", 1)
        assert cache.store.db.execute("pragma auto_vacuum").fetchone()[0] == 2
        assert not cache.set_aside.folders()
        cache.close()


def test_what_was_parked_before_reasons_were_listed_has_one_of_the_list(tmp_path: Path) -> None:
    old = Database(sqlite3.connect(tmp_path / "store.db"))
    migrations.apply(old, stop_before="m005_delivery")
    problems = {
        "status 409": "conflict",
        "status 413": "too_large",
        "status 422": "refused",
        "unreadable": "unreadable",
    }
    for problem in problems:
        old.table("outbox").insert({
            "id": str(uuid4()), "visit": "a-visit", "kind": "case", "after": "", "state": "parked", "attempts": 0,
            "next_at": 0.0, "problem": problem, "created_at": "2026-11-21T08:05:00+00:00", "sealed": b"",
        })  # fmt: skip
    old.conn.commit()
    old.close()
    cache = Cache.open(tmp_path)
    told = cache.outbox.parked()
    assert [entry.reason for entry in told] == list(problems.values())
    assert {entry.since.isoformat() for entry in told} == {"2026-11-21T08:05:00+00:00"}
    cache.close()


def test_the_disk_gets_back_what_papers_took_once_they_are_shredded(cache: Cache, tmp_path: Path) -> None:
    visit = cache.visits.begin()
    for _ in range(40):
        cache.visits.keep_material(visit, os.urandom(250_000))
    cache.store.checkpoint()
    assert (tmp_path / "store.db").stat().st_size > 10_000_000
    cache.visits.end(visit.id)
    cache.visits.shred_finished()
    assert (tmp_path / "store.db").stat().st_size < 400_000


def fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(bytes(4096))


def test_on_a_full_disk_nothing_more_is_kept_and_what_was_there_stands(small_disk: Path) -> None:
    cache = Cache.open(small_disk)
    visit, case = cache.visits.begin(), proof_case()
    cache.visits.save(visit, b"before")
    digest = cache.visits.keep_material(visit, b"a scanned paper" * 1000)
    cache.outbox.put_case(visit, case)
    fill(small_disk)
    with pytest.raises(CacheFull):
        cache.visits.save(visit, os.urandom(200_000))
    with pytest.raises(CacheFull):
        cache.visits.keep_material(visit, os.urandom(200_000))
    assert cache.visits.saved(visit) == b"before"
    assert cache.visits.material(visit, digest) == b"a scanned paper" * 1000
    assert cache.outbox.state(str(case.case_id)) == "waiting"
    cache.close()

    (small_disk / "filler").unlink()
    cache = Cache.open(small_disk)
    visit = cache.visits.open(visit.id)
    cache.visits.save(visit, b"after")
    assert cache.visits.saved(visit) == b"after"
    assert cache.store.db.execute("pragma integrity_check").fetchone()[0] == "ok"
    cache.close()


def test_a_memory_that_is_first_opened_on_a_full_disk_says_so(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(CacheFull):
        Cache.open(small_disk)


def test_a_nearly_full_disk_has_no_room_for_a_visit(cache: Cache, small_disk: Path) -> None:
    assert cache.has_room()
    small = Cache.open(small_disk)
    assert not small.has_room()
    small.close()


def test_room_is_set_aside_between_visits_and_given_up_for_the_one_under_way(large_disk: Path) -> None:
    cache = Cache.open(large_disk)
    assert cache.has_room() and (large_disk / "reserve").stat().st_size == BYTES
    visit = cache.visits.begin()
    fill(large_disk)
    papers = [cache.visits.keep_material(visit, os.urandom(1_000_000)) for _ in range(20)]
    cache.outbox.put_case(visit, proof_case())
    assert not (large_disk / "reserve").exists() and len(set(papers)) == 20
    assert not cache.has_room(), "nobody else begins"
    (large_disk / "filler").unlink()
    assert cache.has_room() and (large_disk / "reserve").exists()
    cache.close()
