"""A platform that lies: nothing is lost, nothing doubled, nothing shredded early, nothing sent anywhere else."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from contract.cases import Case
from contract.codes import Satisfaction
from contract.ratings import Rating
from contract.terminals import ParkReason
from offline_cache import Cache
from offline_cache.errors import PlatformError, Unreadable
from offline_cache.limits import Limits
from offline_cache.outbox import STRIKES
from offline_cache.platform import Platform
from offline_cache.sync.delivery import Delivery
from tests.fleet.sample_cases import sha256, subsidy_case
from tests.offline_cache.lying_platform import (
    Lie,
    LyingPlatform,
    Request,
    Response,
    changed,
    gigantic_headers,
    half,
    hangs_before,
    hangs_up,
    hangs_within,
    late,
    says,
    trickles_headers,
    twice,
    twice_late,
)

SHORT = Limits(connect=0.3, send=0.3, answer=0.3, chunk=1000, smallest_chunk=500, second_look=0, round=2.0)
CASE, RATING = "PUT /api/v1/cases", "PUT /api/v1/ratings"
CREATE, HEAD, PATCH = "POST /api/v1/uploads", "HEAD ", "PATCH "
PAGE = Response(200, {"Content-Type": "text/html"}, "<html>请登录 Sign in</html>".encode())
ELSEWHERE = "http://127.0.0.1:{elsewhere}"


def sends_to(status: int, location: str = ELSEWHERE + "/login") -> Lie:
    return says(Response(status, {"Location": location}))


def stands_at(offset: str, length: str = "2500", status: int = 204) -> Lie:
    return says(Response(status, {"Upload-Offset": offset, "Upload-Length": length}))


OTHER = str(uuid4())

#: what is asked, what is said instead, and how often; afterwards the platform is honest
LIES: dict[str, tuple[str, Lie, int]] = {
    **{f"status {each} to a case": (CASE, says(Response(each)), 2) for each in (404, 408, 409, 413, 422, 429)},
    **{f"status {each} to a case": (CASE, says(Response(each)), 2) for each in (500, 502, 503, 511)},
    **{f"status {each} to a piece": (PATCH, says(Response(each)), 2) for each in (404, 409, 410, 423, 460, 500)},
    **{f"a redirect {status}": (CASE, sends_to(status), 2) for status in (301, 302, 303, 307, 308)},
    "a redirect of an upload": (PATCH, sends_to(307), 1),
    "a redirect of a rating": (RATING, sends_to(308), 1),
    "a login page to a case": (CASE, says(PAGE), 2),
    "a login page to an upload": (CREATE, says(PAGE), 1),
    "a login page to a piece": (PATCH, says(PAGE), 1),
    "a login page to a rating": (RATING, says(PAGE), 2),
    "an empty answer": (CASE, says(Response()), 2),
    **{
        f"{lie.__name__} to {name}": (on, lie, 1)
        for lie in (half, hangs_before, hangs_within, trickles_headers, gigantic_headers, hangs_up, twice, twice_late)
        for name, on in (("a case", CASE), ("an upload", CREATE), ("a piece", PATCH), ("a rating", RATING))
    },
    **{f"a late answer to {on}": (on, late(0.5), 1) for on in (CASE, CREATE, HEAD, PATCH, RATING)},
    "another case's answer": (CASE, changed(lambda said: said | {"case_id": OTHER}), 2),
    "the hash of other content": (CASE, changed(lambda said: said | {"content_sha256": "0" * 64}), 2),
    "no hash": (CASE, changed(lambda said: said | {"content_sha256": ""}), 2),
    "nothing is missing, says who has nothing": (CASE, changed(lambda said: said | {"missing": []}), 2),
    "a material is missing that is no part of it": (CASE, changed(lambda said: said | {"missing": ["a" * 64]}), 2),
    "another rating's answer": (RATING, changed(lambda said: said | {"rating_id": OTHER}), 2),
    "more than the contract": (CASE, changed(lambda said: said | {"surprise": 1}), 2),
    "an upload on another host": (CREATE, sends_to(201, ELSEWHERE + "/api/v1/uploads/u1"), 2),
    "an upload without a scheme": (CREATE, sends_to(201, "//127.0.0.1:{elsewhere}/api/v1/uploads/u1"), 2),
    "an upload in another place": (CREATE, sends_to(201, "/api/v1/uploads/../cases"), 2),
    "an upload that is no address": (CREATE, sends_to(201, "nonsense"), 2),
    "an upload nowhere": (CREATE, says(Response(201)), 2),
    "more has come than was sent": (HEAD, stands_at("9999", status=200), 1),
    "an upload of another length": (HEAD, stands_at("0", "7", 200), 1),
    "an offset that is no number": (HEAD, stands_at("-1", status=200), 1),
    "no offset": (HEAD, says(Response(200)), 1),
    "all has come, says who has nothing": (HEAD, stands_at("2500", status=200), 1),
    "a piece that goes back": (PATCH, stands_at("0"), 1),
    "a piece that goes too far": (PATCH, stands_at("2500"), 1),
    "a piece that goes nowhere": (PATCH, says(Response(204)), 1),
}


@dataclass
class Terminal:
    """One visit with a case, two papers and a rating, and the way to the liar."""

    cache: Cache
    liar: LyingPlatform
    elsewhere: LyingPlatform
    papers: tuple[bytes, bytes]
    case: Case
    rating: Rating
    visit: str

    def round(self, delivery: Delivery) -> None:
        try:
            delivery.run()
        except PlatformError:
            self.cache.outbox.retry_now()
            return
        self.cache.outbox.retry_now()

    def assert_nothing_lost(self) -> None:
        """While anything is owed, everything can still be read."""
        assert self.cache.visits.shred_finished() == 0
        visit = self.cache.visits.open(self.visit)
        for paper in self.papers:
            assert self.cache.visits.material(visit, sha256(paper)) == paper
        for row in self.cache.store.db.table("outbox").rows:
            assert json.loads(visit.key.open(row["sealed"], row["id"]))

    def assert_the_books_agree(self) -> None:
        case_id, held = str(self.case.case_id), self.liar.honest
        assert held.cases == {case_id: self.case.model_dump_json().encode()}
        assert list(held.accepted) == [case_id]
        assert held.materials == {(case_id, sha256(paper)): paper for paper in self.papers}
        assert held.ratings == {str(self.rating.rating_id): self.rating.model_dump_json().encode()}
        assert self.cache.outbox.counts() == (0, 0)
        assert self.cache.visits.shred_finished() == 1
        with pytest.raises(Unreadable):
            self.cache.visits.open(self.visit)


@pytest.fixture
def terminal(cache: Cache) -> Iterator[Terminal]:
    liar, elsewhere = LyingPlatform(), LyingPlatform()
    for name in ("ca.crt", "device.crt", "device.key"):
        (cache.data / name).touch()
    visit, papers = cache.visits.begin(), (os.urandom(2500), os.urandom(300))
    for paper in papers:
        cache.visits.keep_material(visit, paper)
    case = subsidy_case(papers[0])
    second = case.materials[0].model_copy(update={"material_id": "photo", "sha256": sha256(papers[1]), "size": 300})
    case = case.model_copy(update={"materials": [*case.materials, second]})
    rating = Rating(
        rating_id=uuid4(), case_id=case.case_id, task_code=case.task_code, terminal_id="T-1",
        satisfaction=Satisfaction.GOOD, rated_at=datetime.now(UTC),
    )  # fmt: skip
    cache.outbox.put_case(visit, case)
    cache.outbox.put_rating(visit, rating)
    cache.visits.end(visit.id)
    yield Terminal(cache, liar, elsewhere, papers, case, rating, visit.id)
    assert elsewhere.connections == 0, "something was sent elsewhere"
    liar.close()
    elsewhere.close()


def delivery(terminal: Terminal) -> Delivery:
    return Delivery(terminal.cache, Platform(terminal.liar.url, terminal.cache.data, SHORT), SHORT)


def pointed(lie: Lie, terminal: Terminal) -> Lie:
    """The lie, with the port of elsewhere written where it is named."""
    if lie.__closure__ is None:
        return lie
    for cell in lie.__closure__:
        said = cell.cell_contents
        if isinstance(said, Response) and "{elsewhere}" in said.headers.get("Location", ""):
            place = said.headers["Location"].replace("{elsewhere}", str(terminal.elsewhere.port))
            return says(Response(said.status, {"Location": place}))
    return lie


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("name", LIES)
def test_after_the_lie_everything_is_there_once(terminal: Terminal, name: str, carried_out: bool) -> None:
    on, lie, times = LIES[name]
    terminal.liar.lies(on, pointed(lie, terminal), times, carried_out)
    agent = delivery(terminal)
    for _ in range(25):
        terminal.round(agent)
        if terminal.cache.outbox.counts() == (0, 0):
            break
        terminal.assert_nothing_lost()
    assert terminal.liar.lied_out, "the lie was never told"
    terminal.assert_the_books_agree()


@pytest.mark.parametrize("name", [name for name, (on, _, _) in LIES.items() if on == CASE])
def test_the_lie_meets_the_second_look(terminal: Terminal, name: str) -> None:
    """It is told when the platform is asked again; what was acknowledged is not doubled by it."""
    on, lie, times = LIES[name]
    agent = delivery(terminal)
    entry = terminal.cache.outbox.next_due()
    assert entry is not None
    slow = Delivery(terminal.cache, Platform(terminal.liar.url, terminal.cache.data, SHORT), Limits(second_look=60))
    slow.run()
    assert terminal.cache.outbox.state(entry.id) == "acknowledged"
    terminal.liar.lies(on, pointed(lie, terminal), times)
    terminal.cache.outbox._retries.now(entry.id)
    for _ in range(25):
        terminal.round(agent)
        if terminal.cache.outbox.counts()[0] == 0:
            break
        for other in terminal.cache.outbox.waiting():
            terminal.cache.outbox._retries.now(other[0])
    terminal.assert_the_books_agree()


def forgets(liar: LyingPlatform) -> Lie:
    """Says that it has the case, and has it no more a moment later."""

    def lie(request: object, honest: bytes, connection: object) -> bool:
        connection.sendall(honest)  # type: ignore[attr-defined]
        if b"case_number" in honest:
            for kept in (liar.honest.cases, liar.honest.materials, liar.honest.accepted):
                kept.clear()  # type: ignore[attr-defined]
        return True

    return lie


def test_a_platform_that_accepts_and_forgets_gets_it_again(terminal: Terminal) -> None:
    terminal.liar.lies(CASE, forgets(terminal.liar), times=4)
    agent = delivery(terminal)
    for _ in range(25):
        terminal.round(agent)
        if terminal.cache.outbox.counts() == (0, 0):
            break
        terminal.assert_nothing_lost()
    terminal.assert_the_books_agree()


def test_a_platform_that_keeps_other_content_than_came_is_never_believed(terminal: Terminal) -> None:
    """It says so honestly: the hash in its acknowledgement is that of what it kept."""
    kept = terminal.case.model_copy(update={"item_name": "another"}).model_dump_json().encode()

    def lie(request: Request, honest: bytes, connection: socket.socket) -> bool:
        terminal.liar.honest.cases[str(terminal.case.case_id)] = kept
        said = {"case_id": request.path.rpartition("/")[2], "content_sha256": sha256(kept), "state": "05"}
        connection.sendall(Response(200, {}, json.dumps(said | {"case_number": "3702-1"}).encode()).wire())
        return True

    terminal.liar.lies(CASE, lie, times=2, carried_out=False)
    agent = delivery(terminal)
    for _ in range(8):
        terminal.round(agent)
        terminal.assert_nothing_lost()
    assert [one.reason for one in terminal.cache.outbox.parked()] == [ParkReason.CONFLICT]


#: what is said for ever, and where the case stands then
FOR_EVER: dict[str, tuple[str, Callable[[LyingPlatform], Lie], str, ParkReason | None]] = {
    "a login page": ("", lambda _: says(PAGE), "waiting", None),
    "redirects": ("", lambda _: sends_to(302, "http://127.0.0.1:1/login"), "waiting", None),
    "status 500": (CASE, lambda _: says(Response(500)), "waiting", None),
    "status 503": (CASE, lambda _: says(Response(503)), "waiting", None),
    "another case": (CASE, lambda _: changed(lambda said: said | {"case_id": OTHER}), "waiting", None),
    "half": (CASE, lambda _: half, "waiting", None),
    "refused": (CASE, lambda _: says(Response(422)), "parked", ParkReason.REFUSED),
    "conflict": (CASE, lambda _: says(Response(409)), "parked", ParkReason.CONFLICT),
    "too large": (CASE, lambda _: says(Response(413)), "parked", ParkReason.TOO_LARGE),
    "accepts and forgets": (CASE, forgets, "parked", ParkReason.CONTRADICTED),
    "spoilt": (PATCH, lambda _: says(Response(460)), "parked", ParkReason.SPOILT),
}


@pytest.mark.parametrize("name", FOR_EVER)
def test_who_lies_for_ever_gets_nothing_shredded_and_an_operator_can_try_again(terminal: Terminal, name: str) -> None:
    on, lie, state, reason = FOR_EVER[name]
    terminal.liar.lies(on, lie(terminal.liar), times=-1)
    agent = delivery(terminal)
    for _ in range(2 * STRIKES[ParkReason.CONTRADICTED] + 2):
        terminal.round(agent)
        terminal.assert_nothing_lost()
    assert terminal.cache.outbox.state(str(terminal.case.case_id)) == state
    assert [one.reason for one in terminal.cache.outbox.parked()] == ([reason] if reason else [])
    terminal.liar.lies("", half, times=0)
    terminal.cache.outbox.retry("all")
    for _ in range(5):
        terminal.round(agent)
    terminal.assert_the_books_agree()


def test_one_poison_case_and_one_slow_one_hold_nobody_up(terminal: Terminal) -> None:
    cache = terminal.cache
    poison = str(terminal.case.case_id)
    terminal.liar.lies(f"PUT /api/v1/cases/{poison}", hangs_before, times=-1)
    good = []
    for _ in range(5):
        visit, paper = cache.visits.begin(), os.urandom(500)
        cache.visits.keep_material(visit, paper)
        good.append(subsidy_case(paper))
        cache.outbox.put_case(visit, good[-1])
    agent = delivery(terminal)
    for _ in range(3):
        terminal.round(agent)
    assert all(cache.outbox.state(str(case.case_id)) == "delivered" for case in good)
    assert cache.outbox.state(poison) == "waiting"


def test_a_long_upload_gives_the_others_their_turn_and_goes_on_where_it_was(terminal: Terminal) -> None:
    cache = terminal.cache
    limits = Limits(chunk=100, smallest_chunk=100, second_look=0, turn=0.0, round=5.0)
    visit, paper = cache.visits.begin(), os.urandom(300)
    cache.visits.keep_material(visit, paper)
    short = subsidy_case(paper)
    cache.outbox.put_case(visit, short)
    Delivery(cache, Platform(terminal.liar.url, cache.data, limits), limits).run()
    assert cache.outbox.counts() == (0, 0)
    asked = [request for request in terminal.liar.seen if request.method in ("PATCH", "PUT")]
    first = [index for index, one in enumerate(asked) if one.method == "PATCH" and one.path.endswith("/u1")]
    others = [index for index, one in enumerate(asked) if str(short.case_id) in one.path]
    assert others[0] < first[-1], "the short case had to wait for the long one"
    sent = sum(len(one.body) for one in asked if one.method == "PATCH")
    assert sent == sum(map(len, terminal.papers)) + len(paper), "something was sent twice"


def test_a_restarted_agent_goes_on_in_the_middle_of_a_file(terminal: Terminal) -> None:
    cache = terminal.cache
    terminal.liar.lies("PATCH /api/v1/uploads/u1", late(0.5), times=1)
    terminal.round(delivery(terminal))
    cache.close()
    terminal.cache = Cache.open(cache.data)
    terminal.cache.outbox.retry_now()
    for _ in range(3):
        terminal.round(delivery(terminal))
    assert sum(request.line.startswith(CREATE) for request in terminal.liar.seen) == 2
    assert sum(len(one.body) for one in terminal.liar.seen if one.method == "PATCH") == 2800
    terminal.assert_the_books_agree()


def test_a_late_answer_is_never_taken_for_the_next_one(terminal: Terminal) -> None:
    terminal.liar.lies("", late(0.35), times=6)
    agent, before = delivery(terminal), terminal.liar.connections
    for _ in range(25):
        terminal.round(agent)
    assert terminal.liar.connections >= before + 6, "a connection was used again after its answer did not come"
    terminal.assert_the_books_agree()


def test_what_arrives_beside_a_whole_answer_is_nobodys(terminal: Terminal) -> None:
    """Every answer of the delivery comes twice, at once or where the next is awaited."""
    for lie in (twice, twice_late):
        terminal.liar.lies("", lie, times=8)
        agent = delivery(terminal)
        for _ in range(25):
            terminal.round(agent)
    terminal.assert_the_books_agree()
