"""`kiosk-provision outbox`: what waits, what is parked and why, what is in the way, and to try it again."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest

from contract.terminals import ParkReason
from offline_cache import Cache
from offline_cache.outbox import STRIKES
from provisioning.__main__ import main
from provisioning.deliveries import AGENT_SECONDS, PROBLEMS, deliveries
from tests.fleet.sample_cases import proof_case


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache.open(tmp_path)


def said(data: Path, *arguments: str, code: int = 0) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        assert main(["outbox", "--data", str(data), *arguments]) == code
    return out.getvalue()


def test_what_waits_and_what_is_parked_is_said_without_a_name_and_tried_again(cache: Cache) -> None:
    cache.facts.tell("network", "online")
    cache.facts.tell("network_problem", "")
    visit, waits, parked = cache.visits.begin(), proof_case(), proof_case()
    for case in (waits, parked):
        cache.outbox.put_case(visit, case)
    entry = cache.outbox.due()[1]
    for _ in range(STRIKES[ParkReason.REFUSED]):
        cache.outbox.objected(entry, ParkReason.REFUSED)
    text = said(cache.data)
    assert "network: online\n" in text
    assert f"waiting  case {waits.case_id}  since " in text
    assert f"parked   case {parked.case_id}  refused since " in text
    assert parked.applicant.name not in text and parked.applicant.number not in text
    assert "0 parked entries begin with" in said(cache.data, "--retry", "zzz", code=1)
    content = json.loads(said(cache.data, "--retry", str(parked.case_id)[:8], "--json"))
    assert content["tried_again"] == 1 and content["parked"] == [] and len(content["waiting"]) == 2
    assert cache.outbox.state(str(parked.case_id)) == "waiting"
    assert "0 tried again" in said(cache.data, "--retry", "all")


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_is_in_the_way_is_said_in_words(cache: Cache, problem: str) -> None:
    cache.facts.tell("network", "offline")
    cache.facts.tell("network_problem", problem)
    assert PROBLEMS[problem] in said(cache.data)
    assert "everything is delivered" in said(cache.data)


def test_an_agent_that_is_not_heard_is_missed(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "start kiosk-sync" in said(cache.data)
    cache.facts.tell("network", "online")
    cache.facts.tell("network_problem", "")
    assert deliveries(cache.data)["problem"] == ""
    (row,) = cache.store.db.table("facts").rows_where("name = 'network'")
    monkeypatch.setattr("time.time", lambda: row["changed_at"] + AGENT_SECONDS + 1)
    assert deliveries(cache.data)["network"] == "unknown"
    assert "start kiosk-sync" in deliveries(cache.data)["problem"]


def test_a_folder_without_a_terminal_is_refused(tmp_path: Path) -> None:
    assert "is no terminal that has been started" in said(tmp_path / "nothing", code=1)
