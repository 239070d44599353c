"""Online and offline: a line that flaps does not make the screen flap, and an agent that died is not believed."""

from __future__ import annotations

import pytest

from offline_cache import Cache
from offline_cache.sync.network import FAILURES_TO_OFFLINE, GOODS_TO_ONLINE, SECONDS_TO_OFFLINE, Network


class Steady:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def network(steady: Steady) -> Network:
    return Network(steady)


def down(network: Network, steady: Steady) -> None:
    while network.state != "offline":
        network.bad()
        steady.time += SECONDS_TO_OFFLINE


def test_nothing_is_known_at_first_and_one_good_exchange_is_enough_then(network: Network) -> None:
    assert network.state == "unknown" and not network.settled
    assert network.good() and network.state == "online" and network.settled


def test_it_is_down_after_failures_in_a_row_that_last(network: Network, steady: Steady) -> None:
    network.good()
    for _ in range(FAILURES_TO_OFFLINE + 5):
        assert not network.bad(), "a moment is no outage"
    steady.time += SECONDS_TO_OFFLINE
    assert network.bad() and network.state == "offline"
    assert not network.bad(), "told once"


def test_one_failure_is_no_outage_however_long_ago(network: Network, steady: Steady) -> None:
    network.good()
    network.bad()
    steady.time += 100
    network.good()
    steady.time += 100
    network.bad()
    assert network.state == "online" and not network.settled


def test_it_is_back_after_good_exchanges_in_a_row(network: Network, steady: Steady) -> None:
    down(network, steady)
    for _ in range(GOODS_TO_ONLINE - 1):
        assert not network.good()
        assert network.state == "offline"
    assert network.good() and network.state == "online"


@pytest.mark.parametrize("begins", ["online", "offline"])
def test_a_line_that_carries_every_second_request_changes_nothing_on_the_screen(
    network: Network, steady: Steady, begins: str
) -> None:
    network.good()
    if begins == "offline":
        down(network, steady)
    for _ in range(200):
        network.bad()
        steady.time += 1.5
        network.good()
        steady.time += 1.5
        assert network.state == begins


def test_an_agent_that_died_is_not_believed(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.facts.tell("network", "online")
    assert cache.facts.ask("network", "unknown", within=60) == "online"
    (row,) = cache.store.db.table("facts").rows_where("name = 'network'")
    for later in (61, -61, 30 * 365 * 86400):
        monkeypatch.setattr("time.time", lambda later=later: row["changed_at"] + later)
        assert cache.facts.ask("network", "unknown", within=60) == "unknown"
        assert cache.facts.ask("network", "unknown") == "online"
