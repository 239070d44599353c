"""The terminal's code on a phone (RFC 8628): agreed, denied, run out, no network; and what the phone is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from demo.phone import Phone
from kiosk.journey import intents
from kiosk.journey.steps import phone_login
from kiosk.journey.views import HomeView, LoginView, PhoneLoginView
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody waits five seconds for each look; slow_down is met all the same, and obeyed."""
    monkeypatch.setattr(phone_login, "SLOWER", 1.0)
    yield


def to_code(citizen: Citizen) -> PhoneLoginView:
    citizen.walk_up()
    citizen.choose_way("phone")
    return citizen.sees(PhoneLoginView, lambda v: v.state == "waiting")


def test_agreed_on_the_phone(citizen: Citizen, hall: TownHall, caplog: pytest.LogCaptureFixture) -> None:
    shown = to_code(citizen)
    assert shown.code.endswith(shown.user_code) and shown.address.endswith("/device")
    assert 0 < shown.seconds <= 300
    phone, before = Phone(hall.town, 1), hall.case_ids()
    phone.scan(shown.code)
    phone.say_who()
    # the phone says which machine it is, and greets with the surname only
    assert "A01" in phone.page and "李*" in phone.page and "李样本" not in phone.page
    phone.press("approve")
    assert "请看机器屏幕" in phone.page
    assert citizen.sees(HomeView).greeting == "李先生，您好"
    citizen.print_household_again()
    citizen.settled()
    case = hall.new_case(before)["case"]
    assert case["login"] == "phone" and case["applicant"]["name"] == "李样本"
    assert shown.user_code not in caplog.text and "370299198506070018" not in caplog.text


def test_denied_on_the_phone(citizen: Citizen, hall: TownHall) -> None:
    first = to_code(citizen)
    phone = Phone(hall.town, 1)
    phone.scan(first.code)
    phone.say_who()
    phone.press("deny")
    over = citizen.sees(PhoneLoginView, lambda v: v.state == "over")
    assert "不是我" in over.problem and over.code == ""
    # another code, another try
    citizen.send(intents.Forward())
    second = citizen.sees(PhoneLoginView, lambda v: v.state == "waiting" and v.user_code != first.user_code)
    again = Phone(hall.town, 0)
    again.scan(second.code)
    again.say_who_by_sms()
    again.press("approve")
    assert citizen.sees(HomeView).greeting == "王女士，您好"


def test_a_code_that_is_replaced_opens_nothing_any_more(
    citizen: Citizen, hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_login, "RENEW_BEFORE", 297.0)
    first = to_code(citizen)
    seen = {first.user_code}
    second = citizen.sees(PhoneLoginView, lambda v: v.state == "waiting" and v.user_code not in seen)
    seen.add(second.user_code)
    citizen.sees(PhoneLoginView, lambda v: v.state == "waiting" and v.user_code not in seen)
    # a few times by itself, then only when somebody asks for it
    over = citizen.sees(PhoneLoginView, lambda v: v.state == "over")
    assert "没有等到" in over.problem
    citizen.send(intents.Back())
    citizen.sees(LoginView)


def test_without_a_network_there_is_no_code_and_it_says_so(citizen: Citizen, hall: TownHall) -> None:
    citizen.walk_up()
    citizen.sees(LoginView, lambda v: any(tile.id == "phone" and tile.available for tile in v.ways))
    hall.cable.cut()
    citizen.send(intents.ChooseWay("phone"))
    over = citizen.sees(PhoneLoginView, lambda v: v.state == "over")
    assert "网络不通" in over.problem
    citizen.send(intents.Back())
    # once the terminal knows, the way is not offered at all
    tile = next(
        tile
        for tile in citizen.sees(LoginView, lambda v: any(t.id == "phone" and not t.available for t in v.ways)).ways
        if tile.id == "phone"
    )
    assert "网络不通" in tile.line
    hall.cable.restore()
    citizen.choose_way("phone")
    citizen.sees(PhoneLoginView, lambda v: v.state == "waiting")


def test_a_cut_while_waiting_costs_nothing(citizen: Citizen, hall: TownHall) -> None:
    """The phone has a network of its own; only the terminal is cut off for a while."""
    shown = to_code(citizen)
    phone = Phone(hall.town, 1)
    phone.scan(shown.code.replace(f":{hall.cable.port}/", f":{hall.port}/"))
    hall.cable.cut()
    citizen.shown(lambda s: s.chrome.network == "offline", "the network's state")
    phone.say_who()
    phone.press("approve")
    assert citizen.sees(PhoneLoginView).user_code == shown.user_code
    hall.cable.restore()
    assert citizen.sees(HomeView).greeting == "李先生，您好"


def test_polling_too_fast_is_obeyed_and_the_login_goes_on(
    citizen: Citizen, hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """slow_down: the platform thinks that it was asked a moment ago."""
    monkeypatch.setattr(phone_login, "SLOWER", 5.0)
    shown = to_code(citizen)
    soon = datetime.now(UTC) + timedelta(seconds=4)
    hall.platform_database(f"update device_grants set polled_at = '{soon:%F %T}' where state = 'pending'")
    phone = Phone(hall.town, 1)
    phone.scan(shown.code)
    phone.say_who()
    phone.press("approve")
    assert citizen.sees(HomeView, seconds=60).greeting == "李先生，您好"
    [(interval,)] = hall.platform_database("select interval from device_grants order by created_at desc limit 1")
    assert interval == 10, "the platform did not say slow_down"


def test_a_code_the_platform_calls_expired_is_replaced(citizen: Citizen, hall: TownHall) -> None:
    """expired_token, before the terminal's own countdown is over: clocks differ."""
    first = to_code(citizen)
    past = datetime.now(UTC) - timedelta(seconds=10)
    hall.platform_database(f"update device_grants set expires_at = '{past:%F %T}' where state = 'pending'")
    citizen.sees(PhoneLoginView, lambda v: v.state == "waiting" and v.user_code != first.user_code)


def test_a_code_the_platform_does_not_know_any_more(citizen: Citizen, hall: TownHall) -> None:
    """invalid_grant: used, of another terminal, or lost with the platform's database."""
    to_code(citizen)
    hall.platform_database("delete from device_grants where state = 'pending'")
    over = citizen.sees(PhoneLoginView, lambda v: v.state == "over")
    assert "这次没有成功" in over.problem
