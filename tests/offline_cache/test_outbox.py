"""The outbox: order, patience, parking."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from contract.codes import CaseState, Satisfaction
from contract.ratings import Rating
from offline_cache import Cache
from offline_cache.outbox import LONGEST_RETRY, Entry
from offline_cache.visits import Visit
from tests.fleet.sample_cases import proof_case
from tests.offline_cache.test_visits import answer_to


def put_case(cache: Cache, visit: Visit) -> UUID:
    case = proof_case()
    cache.outbox.put_case(visit, case)
    return case.case_id


def put_rating(cache: Cache, visit: Visit, case_id: UUID) -> UUID:
    rating = Rating(
        rating_id=uuid4(), case_id=case_id, task_code="x", terminal_id="T-1",
        satisfaction=Satisfaction.GOOD, rated_at=datetime.now(UTC),
    )  # fmt: skip
    cache.outbox.put_rating(visit, rating)
    return rating.rating_id


def wait_of(cache: Cache, entry: Entry) -> float:
    (row,) = cache.store.db.table("outbox").rows_where("id = ?", [entry.id])
    return float(row["next_at"]) - time.time()


def test_entries_come_in_the_order_they_were_made(cache: Cache, visit: Visit) -> None:
    made = [str(put_case(cache, visit)) for _ in range(20)]
    assert [entry.id for entry in cache.outbox.due()] == made


def test_a_rating_waits_until_its_case_is_delivered(cache: Cache, visit: Visit) -> None:
    case_id = put_case(cache, visit)
    rating_id = put_rating(cache, visit, case_id)
    (entry,) = cache.outbox.due()
    assert (entry.kind, entry.id) == ("case", str(case_id))
    cache.outbox.delivered(entry, visit, answer_to(case_id))
    (entry,) = cache.outbox.due()
    assert (entry.kind, entry.id) == ("rating", str(rating_id))


def test_a_rating_of_a_parked_case_is_not_sent(cache: Cache, visit: Visit) -> None:
    put_rating(cache, visit, put_case(cache, visit))
    cache.outbox.park(cache.outbox.due()[0], "status 422")
    assert cache.outbox.due() == []
    assert cache.outbox.counts() == (1, 1)


def test_the_platforms_answer_is_kept_for_its_own_visit(cache: Cache, visit: Visit) -> None:
    case_id = put_case(cache, visit)
    assert cache.outbox.answer(visit, str(case_id)) is None
    cache.outbox.delivered(cache.outbox.due()[0], visit, answer_to(case_id))
    answer = cache.outbox.answer(visit, str(case_id))
    assert answer is not None and (answer.state, answer.case_number) == (CaseState.CONCLUDED, "3702-1")


def test_each_failure_waits_longer_and_never_more_than_a_minute(cache: Cache, visit: Visit) -> None:
    put_case(cache, visit)
    waits = []
    for _ in range(12):
        (entry,) = cache.outbox.due()
        cache.outbox.failed(entry)
        assert cache.outbox.due() == []
        waits.append(wait_of(cache, entry))
        with cache.store.transaction() as db:
            db.execute("update outbox set next_at = 0")
    assert 0.2 < waits[0] <= 0.5 and 0.4 < waits[1] <= 1.0 and 3.9 < waits[4] <= 8.0
    assert all(LONGEST_RETRY / 2 - 1 < wait <= LONGEST_RETRY for wait in waits[7:])


@pytest.mark.parametrize("attempts", [1_023, 1_024, 1_000_000])
def test_an_outage_of_days_does_not_make_the_wait_overflow(cache: Cache, visit: Visit, attempts: int) -> None:
    put_case(cache, visit)
    with cache.store.transaction() as db:
        db.execute("update outbox set attempts = ?", [attempts])
    (entry,) = cache.outbox.due()
    cache.outbox.failed(entry)
    assert LONGEST_RETRY / 2 - 1 < wait_of(cache, entry) <= LONGEST_RETRY


def test_terminals_do_not_all_come_back_at_the_same_moment(cache: Cache, visit: Visit) -> None:
    put_case(cache, visit)
    (entry,) = cache.outbox.due()
    waits = set()
    for _ in range(20):
        cache.outbox.failed(entry)
        waits.add(round(wait_of(cache, entry), 3))
    assert len(waits) > 10


def test_when_the_network_is_back_all_that_waits_is_due_at_once(cache: Cache, visit: Visit) -> None:
    for _ in range(3):
        put_case(cache, visit)
    first, second, third = cache.outbox.due()
    cache.outbox.failed(first)
    cache.outbox.failed(second)
    cache.outbox.park(third, "status 409")
    assert cache.outbox.due() == []
    cache.outbox.retry_now()
    assert [(entry.id, entry.attempts) for entry in cache.outbox.due()] == [(first.id, 0), (second.id, 0)]
    assert cache.outbox.state(third.id) == "parked"


def test_states_and_counts_are_told(cache: Cache, visit: Visit) -> None:
    for _ in range(4):
        put_case(cache, visit)
    first, second, *_ = cache.outbox.due()
    cache.outbox.delivered(first, visit)
    cache.outbox.park(second, "status 422")
    assert cache.outbox.counts() == (2, 1)
    assert [cache.outbox.state(entry.id) for entry in (first, second)] == ["delivered", "parked"]
    assert cache.outbox.state("nothing") == ""
