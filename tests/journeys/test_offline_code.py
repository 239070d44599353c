"""Offline codes: what they open without a network, and every refusal with its reason; online, the platform judges."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.programs import until
from kiosk.journey import intents
from kiosk.journey.views import CodeLoginView, DoneView, HomeView, LoginView
from tests.journeys.fixtures import OpenTerminal
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall

PROOF = "社会保险参保证明打印"


@pytest.fixture
def offline(hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path) -> Citizen:
    """Somebody at a terminal that has no network."""
    hall.cable.cut()
    return open_terminal(hall.enrolled(tmp_path / "terminal"))


def show(citizen: Citizen, code: str) -> None:
    citizen.to_code_login()
    citizen.show_code(code)


def refused(citizen: Citizen, words: str) -> None:
    citizen.sees(CodeLoginView, lambda v: v.state == "refused" and words in v.problem)


def test_it_opens_what_the_site_says_and_nothing_else(offline: Citizen, hall: TownHall) -> None:
    show(offline, hall.town.offline_code(hall.people[1]["number"]))
    assert offline.sees(HomeView).greeting == "李先生，您好"
    # not on the site's list: the login page asks for more, and there is the card
    offline.open_item("户籍证明打印")
    offline.send(intents.Forward())
    asked = offline.sees(LoginView)
    assert asked.title == "再确认一下是您本人" and asked.card is not None
    offline.send(intents.Back(), intents.Back())
    offline.sees(HomeView)
    offline.open_item(PROOF)
    offline.send(intents.Forward())
    offline.sees(DoneView, lambda v: v.state in ("sending", "received"))


def test_a_replayed_one(offline: Citizen, hall: TownHall) -> None:
    code = hall.town.offline_code(hall.people[1]["number"])
    show(offline, code)
    offline.sees(HomeView)
    offline.send(intents.LeaveNow())
    offline.devices.code_camera.tell("clear")
    show(offline, code)
    refused(offline, "这个码已经用过了")


def test_a_replay_is_refused_after_a_restart(hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path) -> None:
    hall.cable.cut()
    data, code = hall.enrolled(tmp_path / "terminal"), hall.town.offline_code(hall.people[1]["number"])
    first = open_terminal(data)
    show(first, code)
    first.sees(HomeView)
    first.terminal.stop()
    hall.devices.code_camera.tell("clear")
    again = open_terminal(data)
    show(again, code)
    refused(again, "这个码已经用过了")


def test_an_expired_one(offline: Citizen, hall: TownHall) -> None:
    early = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
    show(offline, hall.town.offline_code(hall.people[1]["number"], "--issued-at", early, "--lifetime", "300"))
    refused(offline, "这个码过期了")


def test_one_for_another_terminal(offline: Citizen, hall: TownHall) -> None:
    show(offline, hall.town.offline_code(hall.people[1]["number"], "--terminal", "HW-0002"))
    refused(offline, "给另一台机器用的")
    # and one for this terminal is taken
    offline.show_code(hall.town.offline_code(hall.people[1]["number"], "--terminal", "HW-0001"))
    offline.sees(HomeView)


def test_one_with_a_changed_byte(offline: Citizen, hall: TownHall) -> None:
    code = hall.town.offline_code(hall.people[1]["number"])
    place = len(code) - 20
    changed = code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :]
    show(offline, changed)
    refused(offline, "没认出这个码")


def test_a_clock_set_back(offline: Citizen, hall: TownHall) -> None:
    cache = offline.terminal.parts.cache
    # the terminal has seen a later time than its clock shows now
    until("the terminal to be up", 20, lambda: offline.snapshot is not None)
    cache.facts.tell("latest_time", time.time() + 3600)
    show(offline, hall.town.offline_code(hall.people[1]["number"]))
    refused(offline, "本机的时间不准")


def test_where_the_site_takes_none(hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    settings = data / "terminal.toml"
    settings.write_text(re.sub(r"(?m)^offline_opens = .*$", "offline_opens = []", settings.read_text("utf-8")), "utf-8")
    hall.cable.cut()
    citizen = open_terminal(data)
    show(citizen, hall.town.offline_code(hall.people[1]["number"]))
    refused(citizen, "这里不收离线码")


def test_with_a_network_the_platform_judges_it_and_takes_it_once(citizen: Citizen, hall: TownHall) -> None:
    code = hall.town.offline_code(hall.people[1]["number"])
    show(citizen, code)
    assert citizen.sees(HomeView).greeting == "李先生，您好"
    citizen.send(intents.LeaveNow())
    citizen.devices.code_camera.tell("clear")
    show(citizen, code)
    refused(citizen, "这个码已经用过了")
