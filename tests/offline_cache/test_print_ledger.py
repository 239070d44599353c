"""The print ledger: what was sent is never sent again in silence."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from offline_cache import Cache
from offline_cache.errors import NotInTheLedger, PrintedAlready
from offline_cache.print_ledger import FOLLOWS, State


def make(cache: Cache, number: str, *states: State, kind: str = "certificate") -> str:
    """A line that went through these states."""
    line = cache.prints.plan("visit", kind, number)
    for state in states:
        cache.prints.set(line, state)
    return line


def state_of(cache: Cache, line: str) -> tuple[str, str]:
    found = cache.prints.line(line)
    return found.state, found.reason


def test_what_was_sent_before_a_restart_is_uncertain_after_it(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    ways: list[tuple[State, ...]] = [(), ("sent",), ("sent", "confirmed"), ("sent", "failed")]
    lines = [make(cache, f"CB-{place}", *states) for place, states in enumerate(ways)]
    cache.close()
    cache = Cache.open(tmp_path)
    assert cache.prints.settle_interrupted() == 1
    assert cache.prints.settle_interrupted() == 0
    # what was only planned surely did not come out
    expected = [("failed", "interrupted"), ("uncertain", "interrupted"), ("confirmed", ""), ("failed", "")]
    assert [state_of(cache, line) for line in lines] == expected
    assert cache.prints.history(lines[1]) == [("planned", "", ""), ("sent", "", ""), ("uncertain", "interrupted", "")]
    cache.close()


@pytest.mark.parametrize(
    ("states", "sent", "again"),
    [
        ((), False, False),
        (("sent",), True, False),
        (("sent", "confirmed"), True, False),
        (("sent", "uncertain"), True, False),
        (("sent", "uncertain", "confirmed"), True, False),
        (("sent", "uncertain", "failed"), False, True),
        (("sent", "failed"), False, True),
        (("failed",), False, True),
    ],
)
def test_a_certificate_goes_again_only_where_every_attempt_surely_failed(
    cache: Cache, states: tuple[State, ...], sent: bool, again: bool
) -> None:
    make(cache, "CB-1", *states)
    assert cache.prints.was_sent("CB-1") is sent
    assert not cache.prints.was_sent("CB-2")
    if again:
        assert cache.prints.line(cache.prints.plan("visit", "certificate", "CB-1", once=True)).attempt == 2
    else:
        with pytest.raises(PrintedAlready):
            cache.prints.plan("visit", "certificate", "CB-1", once=True)
        assert [line.attempt for line in cache.prints.attempts("certificate", "CB-1")] == [1]


def test_a_failure_after_an_earlier_sending_does_not_make_it_unsent(cache: Cache) -> None:
    make(cache, "CB-1", "sent", "uncertain")
    make(cache, "CB-1", "sent", "failed")
    assert cache.prints.was_sent("CB-1")


def test_a_receipt_may_be_printed_again(cache: Cache) -> None:
    make(cache, "A01-1121-0001", "sent", "confirmed", kind="receipt")
    assert not cache.prints.was_sent("A01-1121-0001")
    second = make(cache, "A01-1121-0001", "sent", "confirmed", kind="receipt")
    assert cache.prints.line(second).attempt == 2


def test_only_what_may_follow_follows(cache: Cache) -> None:
    ways: dict[str, tuple[State, ...]] = {
        "planned": (), "sent": ("sent",), "uncertain": ("sent", "uncertain"), "confirmed": ("sent", "confirmed"),
        "failed": ("failed",),
    }  # fmt: skip
    states: list[State] = ["planned", "sent", "confirmed", "uncertain", "failed"]
    for state, way in ways.items():
        for following in states:
            line = make(cache, "", *way)
            if following in FOLLOWS[state]:
                cache.prints.set(line, following)
                assert cache.prints.line(line).state == following
            else:
                with pytest.raises(NotInTheLedger):
                    cache.prints.set(line, following)
                assert cache.prints.line(line).state == state
    with pytest.raises(NotInTheLedger):
        cache.prints.set("none", "sent")


def test_pages_and_who_looked_are_noted(cache: Cache) -> None:
    line = make(cache, "CB-1")
    cache.prints.set(line, "sent", pages=3)
    cache.prints.set(line, "uncertain", "jam", came=2)
    assert [found.id for found in cache.prints.uncertain()] == [line]
    cache.prints.set(line, "confirmed", "looked", by="07")
    found = cache.prints.line(line)
    assert (found.pages, found.came, found.reason) == (3, 2, "looked")
    assert cache.prints.history(line)[-1] == ("confirmed", "looked", "07")
    assert cache.prints.uncertain() == []


@pytest.mark.parametrize("change", ["update print_events set state = 'failed'", "delete from print_events"])
def test_the_history_only_grows(cache: Cache, change: str) -> None:
    line = make(cache, "CB-1", "sent", "confirmed")
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        cache.store.db.execute(change)
    assert [state for state, _, _ in cache.prints.history(line)] == ["planned", "sent", "confirmed"]


PAPER = "6f1c2f0e-6d1c-4c59-9a34-0c7f3f1f7a10"


def test_a_store_of_the_version_before_is_taken_over(tmp_path: Path) -> None:
    """A database as 0.1.0's first migrations left it, with papers in it."""
    from sqlite_utils import Database

    from offline_cache import schema

    db = Database(tmp_path / "store.db")
    schema.migrations.apply(db, stop_before="m003_prints")
    db.table("prints").insert(
        {
            "id": PAPER,
            "visit": "v",
            "kind": "certificate",
            "number": "CB-1",
            "state": "sent",
            "reason": "",
            "changed_at": "",
        }
    )
    db.close()
    cache = Cache.open(tmp_path)
    assert cache.prints.settle_interrupted() == 1
    assert (cache.prints.line(PAPER).state, cache.prints.line(PAPER).attempt) == ("uncertain", 1)
    with pytest.raises(PrintedAlready):
        cache.prints.plan("visit", "certificate", "CB-1", once=True)
    cache.close()
