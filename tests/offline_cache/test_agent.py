"""The agent goes on where it cannot do its work, says what is in the way, and carries out what operators ask."""

from __future__ import annotations

import contextlib
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from contract.terminals import ParkReason
from offline_cache import Cache
from offline_cache.limits import Limits
from offline_cache.outbox import STRIKES
from offline_cache.sync.agent import Agent
from offline_cache.visits import Visit
from tests.fleet.running_platform import private_pem
from tests.fleet.sample_cases import proof_case, subsidy_case
from tests.offline_cache.lying_platform import Lie, LyingPlatform, Response, changed, hangs_before, says

SETTINGS = """
[terminal]
id = "T-1"
label = "A01"
hall_zh = "示例大厅"
[fleet]
url = "{url}"
[sync]
heartbeat = 0.2
"""
SHORT = Limits(connect=0.5, send=0.5, answer=0.4, second_look=0.1, round=1.0)
BEAT, FIRST = "POST /api/v1/heartbeats", "0001-01-01T00:00:00"
LOGIN_PAGE = Response(200, {"Content-Type": "text/html"}, b"<html>Sign in</html>")


def settle(data: Path, url: str) -> None:
    """terminal.toml, and a root of trust that no release is taken with."""
    (data / "terminal.toml").write_text(SETTINGS.format(url=url), "utf-8")
    for name in ("pki/ca.crt", "pki/device.crt", "pki/device.key", "trust/root.json"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).touch()


@contextmanager
def running(data: Path, limits: Limits = SHORT) -> Iterator[threading.Thread]:
    """The agent's loop in a thread; it must still be alive at the end, and end when told to."""
    stop, agent = threading.Event(), Agent(data, limits)
    thread = threading.Thread(target=lambda: agent.run(stop), daemon=True)
    thread.start()
    yield thread
    assert thread.is_alive(), "the agent died"
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def until(what: str, look: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.fixture
def liar(cache: Cache) -> Iterator[LyingPlatform]:
    platform = LyingPlatform()
    settle(cache.data, platform.url)
    yield platform
    platform.close()


def test_a_full_disk_and_no_network_do_not_end_the_agent(small_disk: Path) -> None:
    settle(small_disk, "http://127.0.0.1:1")
    Cache.open(small_disk).close()
    filler = small_disk / "filler"
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT)
    with running(small_disk) as thread:
        with contextlib.suppress(OSError):
            while True:
                os.write(descriptor, b"x" * 4096)
        os.close(descriptor)
        time.sleep(3)
        assert thread.is_alive()
        filler.unlink()
        time.sleep(1.5)


#: what answers, to what, and what is said to be in the way
STRANGERS: dict[str, tuple[str, Lie, str]] = {
    "a login page": ("", says(LOGIN_PAGE), "not_the_platform"),
    "a way to a login page": ("", says(Response(302, {"Location": "http://127.0.0.1:1/"})), "not_the_platform"),
    "a portal that says so": ("", says(Response(511)), "not_the_platform"),
    "a platform of the year 1": (BEAT, changed(lambda it: it | {"server_time": FIRST + "Z"}), "not_the_platform"),
    "a time of no zone": (BEAT, changed(lambda it: it | {"server_time": FIRST}), "not_the_platform"),
    "somebody silent": ("", hangs_before, "unreachable"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_not_the_platform_is_no_network_and_when_it_goes_the_network_is_back(
    cache: Cache, liar: LyingPlatform, name: str
) -> None:
    on, lie, problem = STRANGERS[name]
    liar.lies(on, lie, times=-1)
    visit, case = cache.visits.begin(), proof_case()
    if not on:  # a delivery that goes well says that the network is there
        cache.outbox.put_case(visit, case)
    cache.visits.end(visit.id)
    with running(cache.data):
        until("offline", lambda: cache.facts.ask("network") == "offline")
        assert cache.facts.ask("network_problem") == problem
        assert cache.facts.ask("clock_drift", 0) == 0
        liar.lies("", lie, times=0)
        until("online", lambda: cache.facts.ask("network") == "online")
        until("no problem", lambda: cache.facts.ask("network_problem") == "")
        until("delivered", lambda: cache.outbox.counts() == (0, 0))
        until("shredded", lambda: cache.store.db.table("visits").count_where("wrapped_key is not null") == 0)


@pytest.mark.parametrize(("status", "problem"), [(503, "busy"), (500, "busy"), (403, "shut_out")])
def test_a_platform_that_says_no_is_reached(cache: Cache, liar: LyingPlatform, status: int, problem: str) -> None:
    liar.lies("", says(Response(status)), times=-1)
    with running(cache.data):
        until("the problem", lambda: cache.facts.ask("network_problem") == problem)
        assert cache.facts.ask("network") == "online"


def test_heartbeats_that_get_no_answer_do_not_keep_cases_back(cache: Cache, liar: LyingPlatform) -> None:
    liar.lies(BEAT, hangs_before, times=-1)
    visit, case = cache.visits.begin(), proof_case()
    cache.outbox.put_case(visit, case)
    with running(cache.data):
        until("delivered", lambda: cache.outbox.state(str(case.case_id)) == "delivered")


def test_heartbeats_go_on_while_a_large_material_is_on_its_way(cache: Cache, liar: LyingPlatform) -> None:
    """Each piece takes longer than a heartbeat's interval; the whole takes far longer than a round."""

    def slow(request: object, honest: bytes, connection: object) -> bool:
        time.sleep(0.15)
        connection.sendall(honest)  # type: ignore[attr-defined]
        return True

    liar.lies("PATCH", slow, times=-1)
    visit, paper = cache.visits.begin(), os.urandom(1_000_000)
    cache.visits.keep_material(visit, paper)
    case = subsidy_case(paper)
    cache.outbox.put_case(visit, case)
    limits = Limits(connect=0.5, send=0.5, answer=0.4, chunk=50_000, turn=0.3, round=0.6, second_look=0.1)
    with running(cache.data, limits):
        until("delivered", lambda: cache.outbox.state(str(case.case_id)) == "delivered", 30)
    lines = [request.line for request in liar.seen]
    first, last = (index for index in (lines.index("PATCH /api/v1/uploads/u1"), _last(lines, "PATCH")))
    assert sum("heartbeats" in line for line in lines[first:last]) >= 2
    assert sum(len(request.body) for request in liar.seen if request.method == "PATCH") == len(paper)


def _last(lines: list[str], begins: str) -> int:
    return max(index for index, line in enumerate(lines) if line.startswith(begins))


def certificates(folder: Path, begins: datetime, ends: datetime) -> ssl.SSLContext:
    """An authority and a server certificate of these days, for localhost, in `folder`/pki; the server's side."""
    authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例平台")])

    def made(name: str, key: ec.EllipticCurvePrivateKey, ca: bool) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(1990, 1, 1) if ca else begins)
            .not_valid_after(datetime(2190, 1, 1) if ca else ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        )
        return builder.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    files = {
        "ca.crt": made("示例平台", authority, True), "device.crt": made("localhost", server, False),
        "device.key": private_pem(server),
    }  # fmt: skip
    for name, content in files.items():
        (folder / "pki" / name).write_bytes(content)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "pki" / "device.crt", folder / "pki" / "device.key")
    return context


@pytest.mark.parametrize(
    ("begins", "ends", "problem"),
    [
        (timedelta(days=400), timedelta(days=800), "clock"),  # the clock stands in a year before the platform's
        (timedelta(days=-800), timedelta(days=-400), "clock"),  # or in one after
        (timedelta(days=-1), timedelta(days=1), ""),
    ],
)
def test_a_clock_by_which_the_platforms_certificate_is_not_valid_is_named(
    cache: Cache, begins: timedelta, ends: timedelta, problem: str
) -> None:
    settle(cache.data, "")
    now = datetime.now(UTC)
    platform = LyingPlatform(certificates(cache.data, now + begins, now + ends))
    settle(cache.data, platform.url)
    visit, case = cache.visits.begin(), proof_case()
    cache.outbox.put_case(visit, case)
    with running(cache.data):
        if problem:
            until("offline", lambda: cache.facts.ask("network") == "offline")
            assert cache.facts.ask("network_problem") == problem
            assert platform.seen == [], "something was sent"
            assert cache.outbox.state(str(case.case_id)) == "waiting"
        else:
            until("delivered", lambda: cache.outbox.state(str(case.case_id)) == "delivered")
    platform.close()


def test_another_authority_is_not_the_platform_and_no_wrong_clock(cache: Cache) -> None:
    settle(cache.data, "")
    now = datetime.now(UTC)
    platform = LyingPlatform(certificates(cache.data, now - timedelta(days=1), now + timedelta(days=1)))
    certificates(cache.data, now - timedelta(days=1), now + timedelta(days=1))
    settle(cache.data, platform.url)
    with running(cache.data):
        until("offline", lambda: cache.facts.ask("network") == "offline")
        assert cache.facts.ask("network_problem") == "unreachable"
        assert platform.seen == []
    platform.close()


def test_parked_entries_are_told_and_an_operators_order_is_carried_out_once(
    cache: Cache, visit: Visit, liar: LyingPlatform
) -> None:
    case, order = proof_case(), str(uuid4())
    cache.outbox.put_case(visit, case)
    for _ in range(STRIKES[ParkReason.REFUSED]):
        cache.outbox.objected(cache.outbox._entry(str(case.case_id)), ParkReason.REFUSED)
    beats = liar.honest.beats
    with running(cache.data):
        until("it to be told", lambda: beats and beats[-1]["outbox_parked"] == 1)
        (told,) = beats[-1]["parked"]  # type: ignore[misc]
        assert (told["id"], told["kind"], told["reason"]) == (str(case.case_id), "case", "refused")
        assert case.applicant.name not in str(beats) and case.applicant.number not in str(beats)
        orders = changed(lambda said: said | {"retry": [{"id": order, "entry": str(case.case_id)}]})
        liar.lies(BEAT, orders, times=-1)
        until("it to be delivered", lambda: cache.outbox.state(str(case.case_id)) == "delivered")
        until("the order to be done", lambda: beats[-1]["retried"] == [order])
        liar.lies("", orders, times=0)
        until("the order to be forgotten", lambda: beats[-1]["retried"] == [])
    assert beats[-1]["parked"] == []


def test_an_order_that_comes_again_is_not_carried_out_again(cache: Cache, visit: Visit, liar: LyingPlatform) -> None:
    case, order = proof_case(), str(uuid4())
    cache.outbox.put_case(visit, case)
    entry = cache.outbox.due()[0]
    for _ in range(STRIKES[ParkReason.CONFLICT]):
        cache.outbox.objected(entry, ParkReason.CONFLICT)
    liar.honest.cases[str(case.case_id)] = b"other content: it will be refused again"
    orders = changed(lambda said: said | {"retry": [{"id": order, "entry": "all"}]})
    liar.lies(BEAT, orders, times=-1)
    with running(cache.data):
        until("the order to be done", lambda: cache.facts.ask("retried") == [order])
        until("it to be parked again", lambda: cache.outbox.state(entry.id) == "parked")
        count = len(liar.honest.beats)
        until("more heartbeats", lambda: len(liar.honest.beats) > count + 3)
        assert cache.outbox.state(entry.id) == "parked"
