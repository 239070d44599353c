"""Delivery to a real platform over a real line that breaks: each case once, whole, and never given up in silence."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from contract.cases import Case
from contract.codes import CaseState, Satisfaction
from contract.ratings import Rating
from contract.terminals import Heartbeat, ParkReason
from offline_cache import Cache
from offline_cache.errors import Refused, Unreachable, Unreadable
from offline_cache.limits import STANDARD, Limits
from offline_cache.platform import Platform
from offline_cache.sync.delivery import Delivery
from offline_cache.visits import Visit
from tests.fleet.running_platform import RunningPlatform, TestTerminal, run_command
from tests.fleet.sample_cases import proof_case, sha256, subsidy_case
from tests.offline_cache.measured_cable import MeasuredCable, write_settings
from tests.offline_cache.test_store import ROOT

#: the second look comes without a wait
AT_ONCE = Limits(second_look=0)
SCAN = os.urandom(5 * STANDARD.chunk + 123)


@pytest.fixture(scope="session")
def pki(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of T-1."""
    folder = tmp_path_factory.mktemp("T-1") / "pki"
    TestTerminal(platform, "T-1", folder)
    return folder


@pytest.fixture
def cable(platform: RunningPlatform) -> Iterator[MeasuredCable]:
    laid = MeasuredCable(int(platform.url.rpartition(":")[2]))
    yield laid
    laid.cut()


def way(cable: MeasuredCable, pki: Path) -> Platform:
    return Platform(f"https://localhost:{cable.port}", pki)


@pytest.fixture
def delivery(cache: Cache, cable: MeasuredCable, pki: Path) -> Delivery:
    """As the agent has it, its connection open already."""
    line = way(cable, pki)
    line.heartbeat(Heartbeat(sent_at=datetime.now(UTC), release_version=1, outbox_waiting=0, outbox_parked=0))
    cable.sent = 0
    return Delivery(cache, line, AT_ONCE)


def submit(cache: Cache, visit: Visit, case: Case, *materials: bytes) -> Case:
    for content in materials:
        cache.visits.keep_material(visit, content)
    cache.outbox.put_case(visit, case)
    return case


def with_scan(cache: Cache, visit: Visit) -> Case:
    # another scan each time: the platform knows nothing of it
    scan = SCAN[:-16] + os.urandom(16)
    return submit(cache, visit, subsidy_case(scan), scan)


def due_now(cache: Cache) -> None:
    cache.outbox.retry_now()


def assert_delivered_once(cache: Cache, platform: RunningPlatform, case: Case) -> None:
    assert cache.outbox.state(str(case.case_id)) == "delivered"
    known = [one for one in platform.operator("cases").json() if one["case_id"] == str(case.case_id)]
    assert len(known) == 1
    for material in case.materials:
        kept = platform.operator(f"cases/{case.case_id}/materials/{material.sha256}")
        assert sha256(kept.content) == material.sha256


def test_a_case_is_delivered_and_its_answer_kept(
    cache: Cache, visit: Visit, delivery: Delivery, platform: RunningPlatform
) -> None:
    case = submit(cache, visit, proof_case())
    delivery.run()
    answer = cache.outbox.answer(visit, str(case.case_id))
    assert answer is not None and answer.state is CaseState.CONCLUDED and answer.certificate is not None
    assert_delivered_once(cache, platform, case)


def test_a_case_with_its_papers_then_its_rating_are_delivered(
    cache: Cache, visit: Visit, delivery: Delivery, platform: RunningPlatform
) -> None:
    case = with_scan(cache, visit)
    rating = Rating(
        rating_id=uuid4(), case_id=case.case_id, task_code=case.task_code, terminal_id="T-1",
        satisfaction=Satisfaction.VERY_GOOD, rated_at=datetime.now(UTC),
    )  # fmt: skip
    cache.outbox.put_rating(visit, rating)
    delivery.run()
    assert cache.outbox.counts() == (0, 0)
    assert cache.outbox.state(str(rating.rating_id)) == "delivered"
    assert_delivered_once(cache, platform, case)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_an_upload_that_was_cut_goes_on_where_it_stopped(
    cache: Cache, visit: Visit, delivery: Delivery, cable: MeasuredCable, platform: RunningPlatform, share: float
) -> None:
    case = with_scan(cache, visit)
    cable.cut_after = int(len(SCAN) * share)
    with pytest.raises(Unreachable):
        delivery.run()
    assert cache.outbox.due() == []
    cable.restore()
    due_now(cache)
    delivery.run()
    assert_delivered_once(cache, platform, case)
    # beginning anew would send the part before the cut twice; a cut costs one piece at most, the rest is headers
    assert cable.sent < len(SCAN) + STANDARD.chunk + 60_000


def test_a_line_that_breaks_many_times_still_delivers_once(
    cache: Cache, visit: Visit, delivery: Delivery, cable: MeasuredCable, platform: RunningPlatform
) -> None:
    case = with_scan(cache, visit)
    cuts = 0
    while cache.outbox.state(str(case.case_id)) == "waiting":
        assert cuts < 12
        cable.cut_after = cable.sent + 400_000
        try:
            delivery.run()
        except Unreachable:
            cuts += 1
        cable.restore()
        due_now(cache)
    assert cuts >= 3
    assert_delivered_once(cache, platform, case)


def test_an_agent_started_again_after_a_cut_delivers_once(
    cache: Cache, visit: Visit, delivery: Delivery, cable: MeasuredCable, platform: RunningPlatform, pki: Path
) -> None:
    case = with_scan(cache, visit)
    cable.cut_after = len(SCAN) // 2
    with pytest.raises(Unreachable):
        delivery.run()
    cable.restore()
    due_now(cache)
    Delivery(cache, way(cable, pki), AT_ONCE).run()
    assert_delivered_once(cache, platform, case)


def test_a_case_whose_answer_was_lost_is_delivered_once(
    cache: Cache, visit: Visit, delivery: Delivery, cable: MeasuredCable, platform: RunningPlatform
) -> None:
    case = submit(cache, visit, proof_case())
    cable.lose_next_answer = True
    with pytest.raises(Unreachable):
        delivery.run()
    stored = platform.operator(f"cases/{case.case_id}").json()
    assert stored["answer"]["case_number"]
    assert cache.outbox.state(str(case.case_id)) == "waiting"
    cable.restore()
    due_now(cache)
    delivery.run()
    answer = cache.outbox.answer(visit, str(case.case_id))
    assert answer is not None and answer.case_number == stored["answer"]["case_number"]
    assert_delivered_once(cache, platform, case)


def test_while_the_line_is_cut_everything_waits(
    cache: Cache, visit: Visit, delivery: Delivery, cable: MeasuredCable
) -> None:
    for _ in range(3):
        submit(cache, visit, proof_case())
    cable.cut()
    with pytest.raises(Unreachable):
        delivery.run()
    assert cache.outbox.counts() == (3, 0)
    cable.restore()
    due_now(cache)
    delivery.run()
    assert cache.outbox.counts() == (0, 0)


def test_a_refused_case_is_parked_and_does_not_hold_up_the_next(
    cache: Cache, visit: Visit, delivery: Delivery, platform: RunningPlatform
) -> None:
    refused = submit(cache, visit, proof_case(task_code="no such item"))
    good = submit(cache, visit, proof_case())
    delivery.run()
    assert cache.outbox.state(str(refused.case_id)) == "waiting", "a platform in the middle of an update also refuses"
    assert_delivered_once(cache, platform, good)
    for _ in range(2):
        due_now(cache)
        delivery.run()
    (parked,) = cache.outbox.parked()
    assert (parked.id, parked.reason) == (refused.case_id, ParkReason.REFUSED)
    cache.visits.end(visit.id)
    assert cache.visits.shred_finished() == 0


def test_a_case_whose_material_cannot_be_read_is_parked(cache: Cache, visit: Visit, delivery: Delivery) -> None:
    case = with_scan(cache, visit)
    with cache.store.transaction() as db:
        db.execute("update materials set sealed = x'00'")
    delivery.run()
    assert cache.outbox.state(str(case.case_id)) == "parked"
    assert cache.outbox.parked()[0].reason is ParkReason.MATERIAL_MISSING


@contextmanager
def uploads(platform: RunningPlatform) -> Iterator[Callable[[], list[Path]]]:
    """The uploads that begin within."""
    before = set((platform.data / "uploads").iterdir())
    yield lambda: [path for path in (platform.data / "uploads").iterdir() if path not in before]


def test_an_upload_whose_last_bytes_are_still_being_written_is_tried_again(
    cache: Cache, visit: Visit, delivery: Delivery, cable: MeasuredCable, platform: RunningPlatform
) -> None:
    with uploads(platform) as begun:
        case = with_scan(cache, visit)
        cable.cut_after = len(SCAN) // 2
        with pytest.raises(Unreachable):
            delivery.run()
        (half,) = begun()
    cable.restore()
    due_now(cache)
    with half.open("ab") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        delivery.run()
    assert cache.outbox.state(str(case.case_id)) == "waiting"
    due_now(cache)
    delivery.run()
    assert_delivered_once(cache, platform, case)


def test_an_upload_the_platform_has_forgotten_begins_again(
    cache: Cache, visit: Visit, delivery: Delivery, cable: MeasuredCable, platform: RunningPlatform
) -> None:
    with uploads(platform) as begun:
        case = with_scan(cache, visit)
        cable.cut_after = len(SCAN) // 2
        with pytest.raises(Unreachable):
            delivery.run()
        for half in begun():
            half.unlink()
    cable.restore()
    due_now(cache)
    delivery.run()
    assert cache.outbox.state(str(case.case_id)) == "waiting"
    due_now(cache)
    delivery.run()
    assert_delivered_once(cache, platform, case)


def test_bytes_that_were_spoilt_on_the_platform_are_sent_again(
    cache: Cache, visit: Visit, delivery: Delivery, cable: MeasuredCable, platform: RunningPlatform
) -> None:
    with uploads(platform) as begun:
        case = with_scan(cache, visit)
        cable.cut_after = len(SCAN) // 2
        with pytest.raises(Unreachable):
            delivery.run()
        time.sleep(0.3)  # the last bytes before the cut are on the way to the file still
        (half,) = begun()
    half.write_bytes(bytes(half.stat().st_size))
    cable.restore()
    due_now(cache)
    delivery.run()
    assert cache.outbox.state(str(case.case_id)) == "waiting"
    due_now(cache)
    delivery.run()
    assert_delivered_once(cache, platform, case)


def test_a_terminal_that_is_shut_out_keeps_its_cases_for_the_day_it_is_let_in_again(
    cache: Cache, visit: Visit, platform: RunningPlatform, cable: MeasuredCable, tmp_path: Path
) -> None:
    pki = tmp_path / "pki"
    TestTerminal(platform, "T-2", pki)
    shutil.copy(platform.ca, pki / "ca.crt")
    platform.command("revoke", "--terminal", "T-2")
    case = submit(cache, visit, proof_case("T-2"))
    with pytest.raises(Refused) as refused:
        Delivery(cache, way(cable, pki), AT_ONCE).run()
    assert refused.value.status == 403
    assert cache.outbox.counts() == (1, 0)
    assert cache.outbox.due() == [], "it must not ask five times a second"
    TestTerminal(platform, "T-2", pki)
    due_now(cache)
    Delivery(cache, way(cable, pki), AT_ONCE).run()
    assert_delivered_once(cache, platform, case)


def test_a_certificate_that_does_not_hold_any_more_parks_nothing(
    cache: Cache, visit: Visit, platform: RunningPlatform, cable: MeasuredCable, tmp_path: Path
) -> None:
    """nginx answers 400 to one that it cannot verify, also to one out of date."""
    shutil.copy(platform.ca, tmp_path / "ca.crt")
    certificate = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=T-1"]
    files = ["-keyout", str(tmp_path / "device.key"), "-out", str(tmp_path / "device.crt")]
    subprocess.run(["openssl", *certificate, *files], check=True, capture_output=True, timeout=20)
    submit(cache, visit, proof_case())
    with pytest.raises(Refused) as refused:
        Delivery(cache, way(cable, tmp_path), AT_ONCE).run()
    assert refused.value.status == 400
    assert cache.outbox.counts() == (1, 0)


def test_another_platforms_certificate_is_not_spoken_to(cable: MeasuredCable, tmp_path: Path, pki: Path) -> None:
    assert run_command("init", "--data", str(tmp_path / "stranger"))[0] == 0
    shutil.copytree(pki, tmp_path / "pki")
    shutil.copy(tmp_path / "stranger" / "pki" / "ca.crt", tmp_path / "pki" / "ca.crt")
    with pytest.raises(Unreachable, match="SSLError"):
        way(cable, tmp_path / "pki").put_case(uuid4(), b"{}")


def test_the_agent_delivers_through_an_outage_says_so_and_shreds(
    cache: Cache, cable: MeasuredCable, platform: RunningPlatform, pki: Path
) -> None:
    """The real process; this one plays the kiosk."""
    shutil.copytree(pki, cache.data / "pki")
    (cache.data / "trust").mkdir()
    shutil.copy(platform.data / "releases" / "metadata" / "1.root.json", cache.data / "trust" / "root.json")
    write_settings(cache.data, "T-1", cable.port)
    command = [sys.executable, "-m", "offline_cache.sync", "--data", str(cache.data)]
    agent = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)

    def until(look: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20
        while not look():
            assert agent.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)

    try:
        until(lambda: cache.facts.ask("network") == "online")
        until(lambda: (cache.data / "releases" / "current").is_symlink())
        cable.cut()
        until(lambda: cache.facts.ask("network") == "offline")
        visit = cache.visits.begin()
        case = with_scan(cache, visit)
        cache.visits.end(visit.id)
        cable.restore()
        until(lambda: cache.facts.ask("network") == "online")
        until(lambda: cache.outbox.state(str(case.case_id)) == "delivered")

        def shredded() -> bool:
            try:
                cache.visits.open(visit.id)
            except Unreadable:
                return True
            return False

        until(shredded)
        assert_delivered_once(cache, platform, case)
    finally:
        os.kill(agent.pid, signal.SIGTERM)
        _, log = agent.communicate(timeout=10)
    assert agent.returncode == 0
    assert case.applicant.name not in log and case.applicant.number not in log
