"""No card at hand: the number typed, a code by SMS. Wrong numbers, wrong codes, waits, and a gateway that is silent."""

from __future__ import annotations

import pytest

from demo.phone import Phone
from kiosk.journey import intents
from kiosk.journey.views import HomeView, LoginView, QuestionView
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall


def errors(view: QuestionView) -> dict[str, str]:
    return {field.path: field.error for field in view.fields if field.error}


def to_numbers(citizen: Citizen) -> None:
    citizen.walk_up()
    citizen.choose_way("sms")
    citizen.page_of("number")


def to_code(citizen: Citizen, hall: TownHall, place: int, mobile: str = "") -> None:
    person = hall.people[place]
    to_numbers(citizen)
    citizen.answer(number=person["number"], mobile=mobile or person["mobile"])
    citizen.page_of("code")


def test_a_visit(citizen: Citizen, hall: TownHall, caplog: pytest.LogCaptureFixture) -> None:
    hall.sms.tell("forget")
    to_code(citizen, hall, 3)
    page = citizen.page_of("code")
    assert "136 **** 0095" in page.help and hall.people[3]["mobile"] not in page.help
    code = Phone(hall.town, 3).message()
    citizen.answer(code=code)
    assert citizen.sees(HomeView).greeting == "陈先生，您好"
    for private in (code, hall.people[3]["number"], hall.people[3]["mobile"], hall.people[3]["name"]):
        assert private not in caplog.text


def test_numbers_that_cannot_be_right_are_not_sent_at_all(citizen: Citizen, hall: TownHall) -> None:
    to_numbers(citizen)
    hall.sms.tell("forget")
    citizen.answer(number="370299199203180021", mobile="1380000002")
    said = errors(citizen.sees(QuestionView, lambda v: bool(errors(v))))
    assert said == {
        "number": "身份证号码写得不对，请对照看一下，一共 18 位。",
        "mobile": "手机号码写得不对，一共 11 位。",
    }
    assert hall.sms.tell("messages")["messages"] == []


def test_numbers_that_do_not_belong_together_look_the_same_and_open_nothing(citizen: Citizen, hall: TownHall) -> None:
    hall.sms.tell("forget")
    to_code(citizen, hall, 2, mobile="13999999999")
    citizen.answer(code="123456")
    assert "验证码不对" in errors(citizen.sees(QuestionView, lambda v: bool(errors(v))))["code"]
    assert hall.sms.tell("messages")["messages"] == []


def test_a_wrong_code_then_the_right_one_then_it_is_used_up(citizen: Citizen, hall: TownHall) -> None:
    hall.sms.tell("forget")
    to_code(citizen, hall, 1)
    code = Phone(hall.town, 1).message()
    citizen.answer(code="12345")
    assert "6 位数字" in errors(citizen.sees(QuestionView, lambda v: bool(errors(v))))["code"]
    wrong = "000000" if code != "000000" else "000001"
    citizen.answer(code=wrong)
    assert "验证码不对" in errors(citizen.sees(QuestionView, lambda v: "不对" in errors(v).get("code", "")))["code"]
    citizen.answer(code=code)
    assert citizen.sees(HomeView).greeting == "李先生，您好"


def test_a_gateway_that_refuses_is_told_and_another_way_is_open(citizen: Citizen, hall: TownHall) -> None:
    hall.sms.tell("fault refuses")
    person = hall.people[0]
    to_numbers(citizen)
    citizen.answer(number=person["number"], mobile=person["mobile"])
    assert "现在发不了短信" in errors(citizen.sees(QuestionView, lambda v: bool(errors(v))))["mobile"]
    citizen.send(intents.Back())
    citizen.sees(LoginView)
    citizen.lay_card()
    citizen.sees(HomeView)


def test_waits_grow_and_survive_a_restart(citizen: Citizen, hall: TownHall) -> None:
    number = hall.people[2]["number"]
    who = f"{number} {hall.people[2]['mobile']}"
    attempts = citizen.terminal.parts.cache.attempts
    for _ in range(4):
        attempts.failed("sms_code", who)
    try:
        to_numbers(citizen)
        citizen.answer(number=number, mobile=hall.people[2]["mobile"])
        said = errors(citizen.sees(QuestionView, lambda v: bool(errors(v))))
        assert "请等" in said["mobile"]
        # somebody else does not wait
        citizen.answer(number="11010519491231002X", mobile="13911111111")
        citizen.page_of("code")
    finally:
        attempts.succeeded("sms_code", who)


def test_without_a_network_it_is_not_offered(citizen: Citizen, hall: TownHall) -> None:
    citizen.walk_up()
    hall.cable.cut()
    tiles = citizen.sees(LoginView, lambda v: any(t.id == "sms" and not t.available for t in v.ways)).ways
    assert {tile.id: tile.available for tile in tiles} == {
        "citizen_code": True, "phone": False, "social_security_card": True, "sms": False,
    }  # fmt: skip
    assert next(tile for tile in tiles if tile.id == "citizen_code").line == "网络不通，请出示手机上的离线码"
