"""The outbox: one transaction, order, patience, parking, and trying again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from contract.cases import Case
from contract.codes import CaseState, Satisfaction
from contract.ratings import Rating
from contract.terminals import ParkReason
from offline_cache import Cache
from offline_cache.errors import CacheFull, MaterialMissing
from offline_cache.outbox import STRIKES, Entry, Outbox
from offline_cache.retries import LONGEST_RETRY, SHORTEST_RETRY, Retries
from offline_cache.visits import Visit
from tests.fleet.sample_cases import proof_case, subsidy_case
from tests.offline_cache.test_store import fill
from tests.offline_cache.test_visits import answer_to

TODAY = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Steady:
    """A clock that only goes on when told."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def outbox(cache: Cache, steady: Steady) -> Outbox:
    """With a clock set by hand, and waits as long as they may be."""
    return Outbox(cache.store, Retries(steady, lambda shortest, longest: longest))


def put_case(outbox: Outbox, visit: Visit) -> UUID:
    case = proof_case()
    outbox.put_case(visit, case)
    return case.case_id


def put_rating(outbox: Outbox, visit: Visit, case_id: UUID) -> UUID:
    rating = Rating(
        rating_id=uuid4(), case_id=case_id, task_code="x", terminal_id="T-1",
        satisfaction=Satisfaction.GOOD, rated_at=datetime.now(UTC),
    )  # fmt: skip
    outbox.put_rating(visit, rating)
    return rating.rating_id


def parked(outbox: Outbox, entry: Entry, reason: ParkReason = ParkReason.REFUSED) -> None:
    for _ in range(STRIKES[reason]):
        assert outbox.state(entry.id) == "waiting"
        outbox.objected(entry, reason)
    assert outbox.state(entry.id) == "parked"


# one transaction


def submit_numbered(cache: Cache, visit: Visit) -> Case:
    case = proof_case()
    return cache.outbox.submit(
        visit, case.case_id, "A03", TODAY, lambda number: case.model_copy(update={"receipt_number": number})
    )


def test_a_submitted_case_has_the_next_receipt_number_and_waits(cache: Cache, visit: Visit) -> None:
    numbers = [submit_numbered(cache, visit).receipt_number for _ in range(2)]
    assert numbers == ["A03-1121-0001", "A03-1121-0002"]
    assert cache.outbox.counts() == (2, 0)


def test_a_case_submitted_twice_is_one_case_with_one_number(cache: Cache, visit: Visit) -> None:
    case_id, made = uuid4(), []
    for _ in range(2):

        def make(number: str) -> Case:
            return proof_case(case_id=case_id, receipt_number=number)

        made.append(cache.outbox.submit(visit, case_id, "A03", TODAY, make))
        cache = Cache.open(cache.data)  # a crash right after the commit, and a new start
    assert made[0] == made[1] and made[0].receipt_number == "A03-1121-0001"
    assert len(cache.outbox.due()) == 1
    third = submit_numbered(cache, visit)
    assert third.receipt_number == "A03-1121-0002", "a number was used up without a case"


def test_a_case_whose_material_is_not_there_is_not_submitted_at_all(cache: Cache, visit: Visit) -> None:
    case = subsidy_case(b"a paper that was never kept")
    with pytest.raises(MaterialMissing):
        cache.outbox.submit(visit, case.case_id, "A03", TODAY, lambda _: case)
    assert cache.outbox.counts() == (0, 0)
    assert cache.store.db.table("counters").count == 0
    other = cache.visits.begin()
    cache.visits.keep_material(other, b"a paper that was never kept")
    with pytest.raises(MaterialMissing):  # another citizen's
        cache.outbox.submit(visit, case.case_id, "A03", TODAY, lambda _: case)
    cache.visits.keep_material(visit, b"a paper that was never kept")
    cache.outbox.submit(visit, case.case_id, "A03", TODAY, lambda _: case)
    assert cache.outbox.counts() == (1, 0)


def test_a_material_of_a_submitted_case_cannot_be_dropped(cache: Cache, visit: Visit) -> None:
    named = cache.visits.keep_material(visit, b"paper")
    other = cache.visits.keep_material(visit, b"taken again")
    cache.outbox.put_case(visit, subsidy_case(b"paper"))
    cache.visits.drop_material(visit, named)
    cache.visits.drop_material(visit, other)
    assert cache.visits.material(visit, named) == b"paper"
    assert cache.store.db.table("materials").count == 1


def test_on_a_full_disk_nothing_is_submitted_and_no_number_is_used_up(small_disk: Path) -> None:
    cache = Cache.open(small_disk)
    visit = cache.visits.begin()
    fill(small_disk)
    large = proof_case(instance="x" * 300_000)
    with pytest.raises(CacheFull):
        cache.outbox.submit(visit, large.case_id, "A03", TODAY, lambda _: large)
    assert cache.outbox.counts() == (0, 0) and cache.store.db.table("counters").count == 0


# order and patience


def test_entries_come_in_the_order_they_were_made(outbox: Outbox, visit: Visit) -> None:
    made = [str(put_case(outbox, visit)) for _ in range(20)]
    assert [entry.id for entry in outbox.due()] == made


def test_who_was_tried_longest_ago_is_first(outbox: Outbox, visit: Visit, steady: Steady) -> None:
    first, second, third = (str(put_case(outbox, visit)) for _ in range(3))
    for expected in (first, second, third, first, second):
        steady.time += 1
        entry = outbox.next_due()
        assert entry is not None and entry.id == expected
        outbox.trying(entry)
    new = str(put_case(outbox, visit))
    assert [entry.id for entry in outbox.due()] == [new, third, first, second]


def test_a_rating_waits_until_its_case_is_acknowledged(outbox: Outbox, visit: Visit) -> None:
    case_id = put_case(outbox, visit)
    rating_id = put_rating(outbox, visit, case_id)
    (entry,) = outbox.due()
    assert (entry.kind, entry.id) == ("case", str(case_id))
    outbox.acknowledged(entry, visit, answer_to(case_id), look_again=5)
    (entry,) = outbox.due()
    assert (entry.kind, entry.id) == ("rating", str(rating_id))


def test_a_rating_of_a_parked_case_is_not_sent_until_the_case_is(outbox: Outbox, visit: Visit) -> None:
    case_id = put_case(outbox, visit)
    rating_id = put_rating(outbox, visit, case_id)
    parked(outbox, outbox.due()[0])
    assert outbox.due() == []
    assert outbox.counts() == (1, 1)
    assert outbox.retry("all") == 1
    (entry,) = outbox.due()
    outbox.delivered(entry, visit, answer_to(case_id))
    assert [entry.id for entry in outbox.due()] == [str(rating_id)]


def test_the_platforms_answer_is_kept_for_its_own_visit(outbox: Outbox, visit: Visit) -> None:
    case_id = put_case(outbox, visit)
    assert outbox.answer(visit, str(case_id)) is None
    outbox.acknowledged(outbox.due()[0], visit, answer_to(case_id), look_again=5)
    answer = outbox.answer(visit, str(case_id))
    assert answer is not None and (answer.state, answer.case_number) == (CaseState.CONCLUDED, "3702-1")


def test_what_is_acknowledged_is_looked_at_again_after_a_while_and_is_not_done_before(
    outbox: Outbox, cache: Cache, visit: Visit, steady: Steady
) -> None:
    case_id = put_case(outbox, visit)
    outbox.acknowledged(outbox.due()[0], visit, answer_to(case_id), look_again=5)
    assert outbox.due() == [] and outbox.counts() == (1, 0)
    cache.visits.end(visit.id)
    assert cache.visits.shred_finished() == 0
    steady.time += 5
    (entry,) = outbox.due()
    assert entry.state == "acknowledged"
    outbox.delivered(entry, visit)
    assert cache.visits.shred_finished() == 1


def test_each_failure_may_wait_longer_and_never_more_than_a_minute(
    outbox: Outbox, visit: Visit, steady: Steady
) -> None:
    put_case(outbox, visit)
    waits = []
    for _ in range(12):
        (entry,) = outbox.due()
        outbox.failed(entry)
        began = steady.time
        while not outbox.due():
            steady.time += 0.25
        waits.append(steady.time - began)
    assert waits[:8] == [0.5, 1, 2, 4, 8, 16, 32, 60] and set(waits[8:]) == {60}


@pytest.mark.parametrize("attempts", [0, 7, 1_023, 1_024, 1_000_000])
def test_a_wait_is_anything_up_to_its_limit(attempts: int) -> None:
    waits = [Retries().wait("x", attempts) for _ in range(300)]
    limit = min(0.5 * 2 ** min(attempts, 16), LONGEST_RETRY)
    assert min(waits) >= SHORTEST_RETRY and max(waits) <= limit
    assert min(waits) < limit / 4 and max(waits) > limit * 0.75, "terminals would all come back at the same moment"


@pytest.mark.parametrize("jump", [-30 * 365 * 86400, -3600, 3600, 30 * 365 * 86400])
def test_a_wall_clock_that_jumps_neither_delays_nor_hurries(
    cache: Cache, visit: Visit, steady: Steady, jump: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = Outbox(cache.store, Retries(steady, lambda shortest, longest: longest))
    put_case(outbox, visit)
    outbox.failed(outbox.due()[0])
    wall = 1_800_000_000.0 + jump
    monkeypatch.setattr("time.time", lambda: wall)
    assert outbox.due() == [], "hurried"
    steady.time += 0.5
    assert len(outbox.due()) == 1, "delayed"
    outbox.failed(outbox.due()[0])
    again = Outbox(cache.store, Retries(steady, lambda shortest, longest: longest))  # a restart
    assert again.due() == [], "a crash in a circle must not hammer"
    steady.time += 1.0
    assert len(again.due()) == 1


def test_when_the_network_is_back_all_that_waits_is_due_at_once(outbox: Outbox, visit: Visit) -> None:
    for _ in range(3):
        put_case(outbox, visit)
    first, second, third = outbox.due()
    outbox.failed(first)
    outbox.failed(second)
    parked(outbox, third)
    assert outbox.due() == []
    outbox.retry_now()
    assert [(entry.id, entry.attempts) for entry in outbox.due()] == [(first.id, 0), (second.id, 0)]
    assert outbox.state(third.id) == "parked"


# parking


@pytest.mark.parametrize("reason", [ParkReason.REFUSED, ParkReason.CONTRADICTED, ParkReason.UNREADABLE])
def test_after_so_many_objections_an_entry_is_parked_and_says_why(
    outbox: Outbox, visit: Visit, reason: ParkReason
) -> None:
    case_id = put_case(outbox, visit)
    parked(outbox, outbox.due()[0], reason)
    (told,) = outbox.parked()
    assert (told.id, told.kind, told.reason) == (case_id, "case", reason)
    assert outbox.due() == []


def test_a_parked_row_of_a_rescued_old_database_is_told_all_the_same(
    outbox: Outbox, cache: Cache, visit: Visit
) -> None:
    put_case(outbox, visit)
    with cache.store.transaction() as db:
        db.execute("update outbox set state = 'parked', problem = 'status 422'")
    (told,) = outbox.parked()
    assert told.reason is ParkReason.REFUSED


def test_objections_of_different_kinds_are_not_added_up(outbox: Outbox, visit: Visit) -> None:
    put_case(outbox, visit)
    (entry,) = outbox.due()
    for _ in range(10):
        outbox.objected(entry, ParkReason.REFUSED)
        outbox.objected(entry, ParkReason.CONFLICT)
    assert outbox.state(entry.id) == "waiting"


def test_an_objection_to_what_was_acknowledged_hands_it_over_anew(outbox: Outbox, visit: Visit) -> None:
    case_id = put_case(outbox, visit)
    (entry,) = outbox.due()
    outbox.acknowledged(entry, visit, answer_to(case_id), look_again=0)
    outbox.objected(outbox.due()[0], ParkReason.CONTRADICTED)
    assert outbox.state(entry.id) == "waiting"


def test_what_is_parked_waits_again_when_somebody_says_so_as_often_as_they_say_it(outbox: Outbox, visit: Visit) -> None:
    for _ in range(3):
        put_case(outbox, visit)
    for entry in outbox.due():
        parked(outbox, entry)
    first, *_ = outbox.parked()
    assert [outbox.retry(str(first.id)) for _ in range(2)] == [1, 0]
    assert outbox.counts() == (1, 2) and [entry.id for entry in outbox.due()] == [str(first.id)]
    assert [outbox.retry("all") for _ in range(2)] == [2, 0]
    assert outbox.counts() == (3, 0) and outbox.parked() == []
    parked(outbox, outbox.due()[0])


def test_states_and_counts_are_told(outbox: Outbox, visit: Visit) -> None:
    assert outbox.waiting_since() is None
    for _ in range(4):
        put_case(outbox, visit)
    first, second, *_ = outbox.due()
    outbox.delivered(first, visit)
    parked(outbox, second)
    assert outbox.counts() == (2, 1)
    assert [outbox.state(entry.id) for entry in (first, second)] == ["delivered", "parked"]
    assert outbox.state("nothing") == ""
    since = outbox.waiting_since()
    assert since is not None and abs((datetime.now(UTC) - since).total_seconds()) < 60
    assert [(kind, attempts) for _, kind, _, attempts in outbox.waiting()] == [("case", 0)] * 2
