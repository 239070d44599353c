"""Waits that grow, survive a restart, and are neither ended nor stretched by a clock that is set back."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline_cache import Cache
from offline_cache.attempts import Attempts
from offline_cache.errors import CacheFull
from offline_cache.store import Store
from offline_cache.vault import Vault
from offline_cache.visit_rules import VisitRules
from tests.offline_cache.test_store import fill

NUMBER, OTHER = "37029919920318002X", "370299198506070018"


class Wall:
    """A clock on the wall, set by hand."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


def attempts(data: Path, wall: Wall) -> Attempts:
    store = Store(data / "store.db")
    return Attempts(store, VisitRules.load().attempts, Vault(store, data / "keys").keyed_hash, wall)


def test_waits_grow_and_the_last_stands(tmp_path: Path) -> None:
    counted, rule = attempts(tmp_path, Wall()), VisitRules.load().attempts["face"]
    waits = [counted.failed("face", NUMBER) for _ in range(len(rule.waits) + 2)]
    assert waits == [*rule.waits, rule.waits[-1], rule.waits[-1]]
    assert counted.wait("face", NUMBER) == rule.waits[-1]


def test_each_person_waits_alone_and_each_kind_too(tmp_path: Path) -> None:
    counted = attempts(tmp_path, Wall())
    for _ in range(3):
        counted.failed("face", NUMBER)
    assert counted.wait("face", NUMBER) > 0
    assert counted.wait("face", OTHER) == counted.wait("sms_code", NUMBER) == counted.wait("citizen_code") == 0


def test_a_wait_passes_and_success_forgets(tmp_path: Path) -> None:
    wall = Wall()
    counted = attempts(tmp_path, wall)
    counted.failed("face", NUMBER)
    wait = counted.failed("face", NUMBER)
    wall.time += wait - 0.5
    assert counted.wait("face", NUMBER) == 1
    wall.time += 0.5
    assert counted.wait("face", NUMBER) == 0
    # the next failure counts on, until something worked
    assert counted.failed("face", NUMBER) > wait
    counted.succeeded("face", NUMBER)
    assert counted.wait("face", NUMBER) == 0 and counted.failed("face", NUMBER) == 0


def test_old_failures_are_forgotten(tmp_path: Path) -> None:
    wall = Wall()
    counted = attempts(tmp_path, wall)
    for _ in range(4):
        counted.failed("citizen_code")
    wall.time += VisitRules.load().attempts["citizen_code"].forgotten + 1
    assert counted.failed("citizen_code") == 0
    wall.time += 100_000
    counted.forget_old()
    assert Store(tmp_path / "store.db").db.table("attempts").count == 0


def test_a_restart_changes_nothing(tmp_path: Path) -> None:
    wall = Wall()
    first = attempts(tmp_path, wall)
    first.failed("sms_code", NUMBER)
    first.failed("sms_code", NUMBER)
    wait = first.failed("sms_code", NUMBER)
    assert attempts(tmp_path, wall).wait("sms_code", NUMBER) == wait > 0


def test_a_clock_set_back_on_a_full_disk_still_says_the_wait(small_disk: Path) -> None:
    """Pages ask for it while they are drawn: an error there ended the terminal."""
    wall = Wall()
    counted = attempts(small_disk, wall)
    counted.failed("face", NUMBER)
    wait = counted.failed("face", NUMBER)
    fill(small_disk)
    with pytest.raises(CacheFull):
        for other in range(1000):
            counted.failed("face", str(other))
    wall.time -= 3600
    assert [counted.wait("face", NUMBER) for _ in range(200)] == [wait] * 200


@pytest.mark.parametrize("back", [10, 3600, 400 * 86400])
def test_a_clock_set_back_neither_ends_nor_stretches_a_wait(tmp_path: Path, back: int) -> None:
    wall = Wall()
    counted = attempts(tmp_path, wall)
    counted.failed("face", NUMBER)
    wait = counted.failed("face", NUMBER)
    wall.time -= back
    assert counted.wait("face", NUMBER) == wait
    wall.time += wait
    assert counted.wait("face", NUMBER) == 0


def test_no_number_stands_in_the_store(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    cache.attempts.failed("face", NUMBER)
    cache.close()
    (tmp_path / "other").mkdir()
    other = Cache.open(tmp_path / "other")
    other.attempts.failed("face", NUMBER)
    rows = [next(iter(one.store.db.table("attempts").rows))["name"] for one in (Cache.open(tmp_path), other)]
    assert rows[0] != rows[1], "the hash is the same on every terminal: a table of numbers would undo it"
    assert not any(NUMBER.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_an_unknown_kind_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        attempts(tmp_path, Wall()).failed("no_such_kind")
