"""The reader through its simulator: a separate program behind a pty."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from drivers.id_card import CardFailed, CardRead, CardRemoved, IdCardReader, StatusChanged
from drivers.status import DeviceState, MediaState

PERSON = {
    "name": "测试甲", "sex": "女", "nation": "11", "birth": "1990-02-28", "address": "某省某市某区某路1号",
    "number": "110101199002280022", "authority": "某市公安局", "valid_from": "2020-01-01", "valid_to": "长期",
}  # fmt: skip


@pytest.fixture
def person(tmp_path: Path) -> Path:
    path = tmp_path / "person.json"
    path.write_text(json.dumps(PERSON), encoding="utf-8")
    return path


@pytest.fixture
def watch(events) -> Iterator[Callable[[str], IdCardReader]]:
    started: list[IdCardReader] = []

    def start(port: str) -> IdCardReader:
        started.append(IdCardReader(port, poll_interval=0.3))
        started[-1].start(events)
        return started[-1]

    yield start
    for reader in started:
        reader.stop()


@pytest.mark.parametrize("find", ["always", "once"])
def test_a_card_is_read_once_and_its_leaving_is_told(simulator, watch, events, person: Path, find: str) -> None:
    reader = simulator("id_card", "--find", find)
    device = watch(reader.said["port"])
    reader(f"place {person}")
    card = events.wait(CardRead).card
    assert (card.name, card.sex, card.nation, card.birth) == ("测试甲", "女", "满", date(1990, 2, 28))
    assert (card.number, card.valid_to, len(card.photo)) == ("110101199002280022", None, 1024)
    events.none_of((CardRead, CardRemoved), 0.5)
    assert device.status.media is MediaState.PRESENT
    assert reader("state")["reads"] == 1
    reader("lift")
    events.wait(CardRemoved)
    reader(f"place {person}")
    events.wait(CardRead)


def test_another_card_between_two_polls_is_another_card(simulator, watch, events, person: Path) -> None:
    reader = simulator("id_card")
    watch(reader.said["port"])
    reader(f"place {person}")
    events.wait(CardRead)
    reader(f"place {person}")
    events.wait(CardRemoved)
    events.wait(CardRead)


def test_a_card_lifted_in_the_middle(simulator, watch, events, person: Path) -> None:
    reader = simulator("id_card", "--fault", "lifted-in-middle")
    watch(reader.said["port"])
    reader(f"place {person}")
    assert events.wait(CardFailed).reason == "lifted-early"
    events.wait(CardRemoved)
    reader("fault none")
    reader(f"place {person}")
    events.wait(CardRead)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("bad-checksum", "bad-checksum"),
        ("wrong-kind", "wrong-kind"),
        ("unreadable", "unreadable"),
    ],
)
def test_a_card_that_failed_must_be_lifted_first(
    simulator, watch, events, person: Path, fault: str, reason: str
) -> None:
    reader = simulator("id_card", "--fault", fault)
    watch(reader.said["port"])
    reader(f"place {person}")
    assert events.wait(CardFailed).reason == reason
    reader("fault none")
    events.none_of((CardRead, CardFailed), 0.4)
    reader("lift")
    events.wait(CardRemoved)
    reader(f"place {person}")
    events.wait(CardRead)


@pytest.mark.parametrize("find", ["always", "once"])
def test_a_card_that_cannot_be_selected_is_never_passed_over(simulator, watch, events, person: Path, find: str) -> None:
    reader = simulator("id_card", "--fault", "unselectable", "--find", find)
    watch(reader.said["port"])
    reader(f"place {person}")
    assert events.wait(CardFailed).reason == "unreadable"
    events.none_of((CardFailed, CardRemoved), 0.5)
    reader("fault none")
    reader("lift")
    events.wait(CardRemoved)
    reader(f"place {person}")
    events.wait(CardRead)


def test_a_slow_line_is_read(simulator, watch, events, person: Path) -> None:
    reader = simulator("id_card", "--fault", "slow")
    watch(reader.said["port"])
    reader(f"place {person}")
    events.wait(CardRead)


@pytest.mark.parametrize(
    ("fault", "state", "detail"),
    [
        ("silence", DeviceState.OFFLINE, "no-answer"),
        ("drop", DeviceState.OFFLINE, "gone"),
        ("garbage", DeviceState.HARDWARE_ERROR, "garbage"),
        ("half-frame", DeviceState.HARDWARE_ERROR, "garbage"),
    ],
)
def test_a_broken_line_is_told_and_comes_back_by_itself(
    simulator, watch, events, person: Path, fault: str, state: DeviceState, detail: str
) -> None:
    reader = simulator("id_card")
    device = watch(reader.said["port"])
    events.wait(StatusChanged, lambda event: event.status.usable)
    reader(f"place {person}")
    events.wait(CardRead)
    reader(f"fault {fault}")
    broken = events.wait(StatusChanged, lambda event: event.status.device is state).status
    assert broken.detail == detail and not broken.usable and broken.media is MediaState.UNKNOWN
    events.wait(CardRemoved)
    reader("fault none")
    events.wait(StatusChanged, lambda event: event.status.usable)
    events.wait(CardRead)
    assert device.status.usable


def test_stop_frees_the_port_and_ends_events(simulator, events, person: Path) -> None:
    reader = simulator("id_card")
    device = IdCardReader(reader.said["port"], poll_interval=0.3)
    for _ in range(2):
        device.start(events)
        events.wait(StatusChanged, lambda event: event.status.usable)
        device.stop()
        assert not device.status.usable
    reader(f"place {person}")
    events.none_of(CardRead, 0.4)


def test_the_command_line(simulator, run: Callable[..., subprocess.CompletedProcess[str]], person: Path) -> None:
    reader = simulator("id_card")
    port = reader.said["port"]
    status = run("drivers.id_card", "status", "--port", port, "--json")
    assert status.returncode == 0 and json.loads(status.stdout)["device"] == "online"
    nothing = run("drivers.id_card", "read", "--port", port, "--json", "--timeout", "0.8")
    assert nothing.returncode == 1 and json.loads(nothing.stdout)["result"] == "no-card"
    reader(f"place {person}")
    read = run("drivers.id_card", "read", "--port", port, "--json", "--timeout", "5")
    assert read.returncode == 0 and json.loads(read.stdout)["card"]["name"] == "测试甲"
    reader("fault silence")
    assert run("drivers.id_card", "status", "--port", port).returncode == 1
    assert run("drivers.id_card", "status", "--port", "/dev/no-such-port").returncode == 1
    assert run("drivers.id_card", "read").returncode == 2
