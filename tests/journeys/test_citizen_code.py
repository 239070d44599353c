"""The citizen's code (居民码): whose it is, why it is refused, and what happens without a network."""

from __future__ import annotations

import time

import pytest

from demo.programs import until
from kiosk.journey import intents
from kiosk.journey.views import CodeLoginView, DoneView, HomeView, LoginView
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall


def refused(citizen: Citizen, because: str) -> None:
    view = citizen.sees(CodeLoginView, lambda v: v.state == "refused" and because in v.problem)
    assert view.seconds > 0


def test_a_visit_by_code_prints_and_a_used_code_is_refused(
    citizen: Citizen, hall: TownHall, caplog: pytest.LogCaptureFixture
) -> None:
    before, person = hall.case_ids(), hall.people[1]
    citizen.to_code_login()
    code = hall.town.citizen_code(person["number"])
    citizen.show_code(code)
    assert citizen.sees(HomeView).greeting == "李先生，您好"
    citizen.print_household_again()
    done = citizen.settled()
    assert not done.card_present
    case = hall.new_case(before)
    assert case["case"]["login"] == "citizen_code" and case["case"]["applicant"]["name"] == person["name"]
    citizen.devices.code_camera.tell("clear")
    citizen.finish()

    citizen.to_code_login()
    citizen.show_code(code)
    refused(citizen, "已经用过了")
    # the camera is still on: the next code is taken without a touch
    citizen.show_code(hall.town.citizen_code(person["number"]))
    citizen.sees(HomeView)
    assert code not in caplog.text and "a code was refused: code_login.used" in caplog.text


def test_expired_and_unknown_codes_are_refused_each_with_its_words(citizen: Citizen, hall: TownHall) -> None:
    old = hall.town.citizen_code(hall.people[1]["number"], lifetime=0.1)
    citizen.to_code_login()
    time.sleep(0.1)
    citizen.show_code(old)
    refused(citizen, "这个码过期了。请在手机上刷新一下再试。")
    citizen.show_code("https://code.example.invalid/jmm/nobody-has-this")
    refused(citizen, "没认出这个码")
    citizen.send(intents.Back())
    citizen.sees(LoginView)
    # the scanner's camera is off again
    until("the scanner's camera to be off", 10, lambda: citizen.devices.code_camera.tell("state")["watching"] == 0)


def test_a_code_for_another_terminal_is_refused_here_and_one_for_this_is_not(citizen: Citizen, hall: TownHall) -> None:
    number = hall.people[1]["number"]
    citizen.to_code_login()
    citizen.show_code(hall.town.citizen_code(number, 60, "--terminal", "HW-0002"))
    refused(citizen, "给另一台机器用的")
    citizen.show_code(hall.town.citizen_code(number, 60, "--terminal", "HW-0001"))
    citizen.sees(HomeView)


def test_without_a_network_the_code_says_so_and_the_card_still_works(citizen: Citizen, hall: TownHall) -> None:
    code = hall.town.citizen_code(hall.people[1]["number"])
    hall.cable.cut()
    citizen.to_code_login()
    citizen.show_code(code)
    refused(citizen, "网络不通，现在没法核对这个码。可以改用身份证，或出示离线码。")
    citizen.send(intents.Back())
    citizen.sees(LoginView)
    citizen.lay_card()
    citizen.sees(HomeView)
    citizen.shown(lambda s: s.chrome.network == "offline", "the network's state")
    assert "DoneView" not in citizen.seen
    citizen.print_household_again()
    assert citizen.sees(DoneView, lambda v: v.state == "received").number_label == "收件编号"
