"""帮办员: recorded beside the citizen, and shown nothing that is the citizen's alone."""

from __future__ import annotations

from kiosk.journey import intents
from kiosk.journey.views import CheckView, CodeLoginView, HomeView, QuestionView
from tests.journeys.hands import INSURANCE, Citizen
from tests.journeys.town_hall import TownHall


def record(citizen: Citizen, hall: TownHall) -> None:
    citizen.send(intents.CallHelper())
    assert "帮办员" in citizen.sees(CodeLoginView).title
    citizen.show_code(hall.town.helper_code("BB-001"))
    citizen.shown(lambda s: isinstance(s.view, HomeView) and "帮办员 周帮办 在旁协助" in s.chrome.acting, "the helper")
    citizen.devices.code_camera.tell("clear")


def test_a_helper_is_recorded_and_sees_no_secrets(citizen: Citizen, hall: TownHall) -> None:
    before, person = hall.case_ids(), hall.people[0]
    citizen.log_in()
    record(citizen, hall)
    # once recorded nobody else is asked for
    assert [kind for kind, _, _ in citizen.sees(HomeView).with_others] == ["continue_saved", "act_for"]
    citizen.open_item(INSURANCE)
    citizen.send(intents.Forward())
    citizen.choose("local")
    page = citizen.page("number")
    shown = {field.path.rpartition("/")[2]: field for field in page.fields}
    assert shown["name"].value == person["name"] and shown["number"].value == "3702 **** **** **** 2X"
    assert all(person["address"] not in field.value for field in page.fields)
    # what is covered cannot be changed under the cover
    citizen.send(intents.Answer(shown["number"].path, "1"))
    citizen.fill_insurance()
    citizen.scan()
    citizen.sign()
    check = citizen.sees(CheckView)
    text = repr(check)
    assert person["number"] not in text and person["address"] not in text and "138 **** 0026" in text
    citizen.send(intents.Forward())
    citizen.settled()
    case = hall.new_case(before)["case"]
    assert case["helper"]["id"] == "BB-001" and case["applicant"]["number"] == person["number"]
    answers = {answer["path"].rpartition("/")[2]: answer["value"] for answer in case["answers"]}
    assert answers["number"] == person["number"] and answers["mobile"] == "13800000026"


def test_codes_that_are_no_helpers(citizen: Citizen, hall: TownHall) -> None:
    code = hall.town.helper_code("BB-001")
    citizen.log_in()
    citizen.send(intents.CallHelper())
    citizen.sees(CodeLoginView)
    citizen.show_code("https://code.example.invalid/no-helper")
    citizen.sees(CodeLoginView, lambda v: "没认出这个工作码" in v.problem)
    # a citizen's code is none either
    citizen.show_code(hall.town.citizen_code(hall.people[1]["number"]))
    citizen.sees(CodeLoginView, lambda v: v.state == "refused")
    hall.cable.cut()
    citizen.show_code(code)
    citizen.sees(CodeLoginView, lambda v: "网络不通" in v.problem)
    hall.cable.restore()
    citizen.send(intents.Back())
    assert citizen.sees(HomeView).with_others[2][0] == "helper"
    citizen.terminal.parts.cache.attempts.succeeded("helper_code")


def test_the_next_citizen_has_no_helper(citizen: Citizen, hall: TownHall) -> None:
    citizen.log_in()
    record(citizen, hall)
    citizen.send(intents.LeaveNow())
    citizen.lift_card()
    home = citizen.log_in(1)
    assert citizen.snapshot is not None and citizen.snapshot.chrome.acting == ""
    assert [kind for kind, _, _ in home.with_others] == ["continue_saved", "act_for", "helper"]
    assert QuestionView.__name__ not in citizen.seen
