"""Known more surely in the middle of a visit: the same person, by what is sure enough, and nothing begins anew."""

from __future__ import annotations

from contract.codes import Assurance
from demo.phone import Phone
from demo.programs import until
from drivers.status import MediaState
from kiosk.journey import intents
from kiosk.journey.views import CodeLoginView, DoneView, HomeView, LoginView, PhoneLoginView
from tests.journeys.hands import HOUSEHOLD, Citizen
from tests.journeys.town_hall import TownHall


def by_social_security_card(citizen: Citizen, place: int = 0) -> None:
    """A visit of the lowest level, stopped before an item that needs more."""
    citizen.walk_up()
    citizen.insert_card(place)
    citizen.sees(HomeView)
    citizen.open_item(HOUSEHOLD)
    citizen.send(intents.Forward())
    citizen.sees(LoginView, lambda v: v.title == "再确认一下是您本人")


def test_by_the_id_card(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    by_social_security_card(citizen)
    login = citizen.sees(LoginView)
    # only what can lead there is offered: not the card in the slot again, and no SMS
    assert {tile.id for tile in login.ways} == {"citizen_code", "phone"} and login.others is None
    citizen.lay_card()
    citizen.sees(DoneView)
    citizen.settled()
    case = hall.new_case(before)["case"]
    assert (case["login"], case["assurance"]) == ("id_card", Assurance.SUBSTANTIAL)
    # what the card knows more of is there now
    assert case["applicant"]["address"] == hall.people[0]["address"]


def test_by_a_phone(citizen: Citizen, hall: TownHall) -> None:
    by_social_security_card(citizen, 1)
    citizen.choose_way("phone")
    shown = citizen.sees(PhoneLoginView, lambda v: v.state == "waiting")
    phone = Phone(hall.town, 1)
    phone.scan(shown.code)
    phone.say_who()
    phone.press("approve")
    citizen.sees(DoneView)


def test_not_by_somebody_else(citizen: Citizen, hall: TownHall) -> None:
    by_social_security_card(citizen)

    def failures() -> int:
        rows = citizen.terminal.parts.cache.store.db.table("attempts").rows_where("name like 'other_person %'")
        return sum(row["count"] for row in rows)

    for time in (1, 2):
        citizen.lay_card(1)
        until("the failure to be counted", 20, lambda time=time: failures() == time)
        assert citizen.sees(LoginView, lambda v: "不是刚才登录的那位" in v.problem).card is not None
        citizen.lift_card()
        citizen.sees(LoginView, lambda v: v.card == "waiting")
    # a code of somebody else's as little; from the third time on there is a wait
    citizen.choose_way("citizen_code")
    citizen.sees(CodeLoginView)
    citizen.show_code(hall.town.citizen_code(hall.people[3]["number"]))
    citizen.sees(LoginView, lambda v: "不是刚才登录的那位" in v.problem and failures() == 3)
    citizen.lay_card(0)
    assert "请等" in citizen.sees(LoginView, lambda v: "请等" in v.problem).problem
    citizen.terminal.parts.cache.attempts.succeeded("other_person", hall.people[0]["number"])
    assert "DoneView" not in citizen.seen


def test_back_to_the_guide_and_to_something_that_needs_less(citizen: Citizen) -> None:
    by_social_security_card(citizen)
    citizen.send(intents.Back(), intents.Back())
    citizen.sees(HomeView)
    citizen.open_item("社会保险参保证明打印")
    citizen.send(intents.Forward())
    citizen.sees(DoneView)


def test_the_card_lying_there_must_be_laid_again(citizen: Citizen) -> None:
    """A card that was read at login and lies there still is asked for once more, in words that say so."""
    citizen.walk_up()
    citizen.insert_card()
    citizen.sees(HomeView)
    citizen.lay_card()  # laid before anybody asked: not read as anybody
    citizen.shown(lambda s: citizen.terminal.parts.devices.id_card.status.media is MediaState.PRESENT)
    citizen.open_item(HOUSEHOLD)
    citizen.send(intents.Forward())
    assert "再平放一次" in citizen.sees(LoginView, lambda v: v.problem != "").problem
    citizen.lift_card()
    citizen.sees(LoginView, lambda v: v.card == "waiting")
    citizen.lay_card()
    citizen.sees(DoneView)
