"""The print ledger: what was sent is never sent again in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline_cache import Cache


def state_of(cache: Cache, line: str) -> tuple[str, str]:
    (row,) = cache.store.db.table("prints").rows_where("id = ?", [line])
    return row["state"], row["reason"]


def test_what_was_sent_before_a_restart_is_uncertain_after_it(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    lines = [cache.prints.plan("visit", "certificate", number) for number in ("CB-1", "CB-2", "CB-3", "CB-4")]
    for line, state in zip(lines[1:], ("sent", "confirmed", "failed"), strict=True):
        cache.prints.set(line, state)
    cache.close()
    cache = Cache.open(tmp_path)
    assert cache.prints.settle_interrupted() == 1
    assert cache.prints.settle_interrupted() == 0
    expected = [("planned", ""), ("uncertain", "interrupted"), ("confirmed", ""), ("failed", "")]
    assert [state_of(cache, line) for line in lines] == expected
    cache.close()


@pytest.mark.parametrize(
    ("state", "sent"),
    [("planned", False), ("sent", True), ("confirmed", True), ("uncertain", True), ("failed", False)],
)
def test_a_certificate_counts_as_sent_unless_it_surely_failed(cache: Cache, state: str, sent: bool) -> None:
    cache.prints.set(cache.prints.plan("visit", "certificate", "CB-1"), state)
    assert cache.prints.was_sent("CB-1") is sent
    assert not cache.prints.was_sent("CB-2")


def test_a_failure_after_an_earlier_sending_does_not_make_it_unsent(cache: Cache) -> None:
    cache.prints.set(cache.prints.plan("visit", "certificate", "CB-1"), "uncertain", "paper jam")
    cache.prints.set(cache.prints.plan("visit", "certificate", "CB-1"), "failed")
    assert cache.prints.was_sent("CB-1")


def test_a_receipt_may_be_printed_again(cache: Cache) -> None:
    cache.prints.set(cache.prints.plan("visit", "receipt", "A01-1121-0001"), "confirmed")
    assert not cache.prints.was_sent("A01-1121-0001")


def test_every_attempt_has_a_line_of_its_own(cache: Cache) -> None:
    first, second = (cache.prints.plan("visit", "certificate", "CB-1") for _ in range(2))
    cache.prints.set(first, "uncertain", "no answer")
    assert (state_of(cache, first), state_of(cache, second)) == (("uncertain", "no answer"), ("planned", ""))
