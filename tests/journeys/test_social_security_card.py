"""The social security card in the slot: it opens a visit, and every card that does not says what to do."""

from __future__ import annotations

import pytest

from contract.codes import Assurance
from kiosk.journey import intents
from kiosk.journey.views import AttractView, FarewellView, HomeView, LoginView, SmartCardView
from tests.journeys.hands import Citizen, card_file
from tests.journeys.town_hall import TownHall


def chip(citizen: Citizen, command: str) -> None:
    assert citizen.devices.smart_card is not None
    citizen.devices.smart_card.tell(command)


def works_again(citizen: Citizen) -> None:
    chip(citizen, "fault none")
    chip(citizen, "lift")
    citizen.sees(SmartCardView, lambda v: v.state == "waiting")
    citizen.insert_card(1)
    assert citizen.sees(HomeView).greeting == "李先生，您好"


def to_slot(citizen: Citizen) -> None:
    citizen.walk_up()
    citizen.choose_way("social_security_card")
    citizen.sees(SmartCardView, lambda v: v.state == "waiting")


def test_a_visit_and_what_is_known_by_it(citizen: Citizen) -> None:
    to_slot(citizen)
    citizen.insert_card()
    assert citizen.sees(HomeView).greeting == "王女士，您好"
    state = citizen.terminal.parts.cache.store.db.table("visits")
    assert state.count_where("ended_at is null") == 1
    # a card that is free to read proves little: more is asked for where an item needs it
    citizen.open_item("户籍证明打印")
    citizen.send(intents.Forward())
    citizen.sees(LoginView, lambda v: "再确认一下" in v.title)
    assert Assurance.LOW < Assurance.SUBSTANTIAL
    # and the card in the slot is not forgotten
    citizen.send(intents.LeaveNow())
    farewell = citizen.sees(FarewellView)
    assert farewell.card_present and "卡槽" in farewell.line
    chip(citizen, "lift")
    citizen.sees(AttractView)


def test_a_card_put_in_before_any_touch(citizen: Citizen) -> None:
    citizen.sees(AttractView, lambda v: v.open)
    citizen.insert_card(1)
    assert citizen.sees(HomeView).greeting == "李先生，您好"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("mute", "卡没有反应"),
        ("lifted-in-middle", "拔得早了一点"),
        ("bad-status", "没有读成"),
        ("garbage", "没有读成"),
    ],
)
def test_a_card_that_is_not_read(citizen: Citizen, fault: str, words: str) -> None:
    to_slot(citizen)
    chip(citizen, f"fault {fault}")
    citizen.insert_card()
    # a card pulled out is told as gone at once: what to do stays on the page
    citizen.sees(SmartCardView, lambda v: v.problem.startswith(words))
    works_again(citizen)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ('"locked": true', "这张卡要输密码"),
        ('"expires": "2020-01-31"', "这张卡过期了"),
        ('"number": "37029919920318002Y"', "没有读成"),
        ('"kind": "bank", "pan": "6228480000000000018", "expires": "3012"', "这不是社会保障卡"),
        ('"kind": "unknown"', "这不是社会保障卡"),
    ],
    ids=["locked", "expired", "bad number", "bank card", "unknown card"],
)
def test_a_card_that_does_not_identify(citizen: Citizen, hall: TownHall, changed: str, words: str) -> None:
    to_slot(citizen)
    path = card_file(hall, 0)
    text = path.read_text("utf-8")
    path.write_text(text[:-1] + f", {changed}}}", "utf-8")  # JSON: the last of two equal keys stands
    chip(citizen, f"insert {path}")
    assert citizen.sees(SmartCardView, lambda v: v.state == "failed").problem.startswith(words)
    works_again(citizen)


def test_a_reader_that_is_gone_says_so_and_comes_back(citizen: Citizen) -> None:
    to_slot(citizen)
    citizen.devices.card_reader.tell("fault drop")
    citizen.sees(SmartCardView, lambda v: v.state == "out_of_service")
    citizen.devices.card_reader.tell("fault none")
    citizen.sees(SmartCardView, lambda v: v.state == "waiting")
    citizen.send(intents.Back())
    citizen.sees(LoginView)
