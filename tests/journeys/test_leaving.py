"""Every door out of a visit; behind each, nothing of the citizen is left and the next one sees nothing of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demo.programs import until
from kiosk.journey import intents
from kiosk.journey.steps import farewell
from kiosk.journey.views import AttractView, FarewellView, HomeView, ItemsView, LoginView, QuestionView
from offline_cache.visit_rules import PageRules, VisitRules
from tests.journeys.hands import INSURANCE, Citizen
from tests.journeys.town_hall import TownHall, traces


def typed_something(citizen: Citizen) -> None:
    """Half an application: known, typed, saved."""
    citizen.to_form()
    citizen.confirm_person()
    citizen.page("mobile")
    citizen.send(intents.Answer("/data/contact/mobile", "13800000026"))
    citizen.sees(QuestionView, lambda v: any(f.value == "13800000026" for f in v.fields))


def nothing_is_left(citizen: Citizen, hall: TownHall) -> None:
    """On the disk, in memory, on the screen, and for the next citizen."""
    person = hall.people[0]
    assert not list(traces(hall.data, person["name"], person["number"], person["address"], "13800000026"))
    cache = citizen.terminal.parts.cache
    until(
        "the visit to be shredded", 20, lambda: not cache.store.db.table("visits").count_where("wrapped_key not null")
    )
    assert cache.store.db.table("drafts").count == 0
    shown = repr(citizen.snapshot)
    assert person["name"] not in shown and "13800000026" not in shown
    # the next citizen
    home = citizen.log_in(1)
    assert home.greeting == "李先生，您好"
    citizen.send(intents.OpenSearch())
    assert citizen.sees(ItemsView).query == ""
    citizen.send(intents.Back())
    citizen.sees(HomeView)
    citizen.open_item(INSURANCE)
    citizen.send(intents.Forward())
    citizen.choose("local")
    assert any(f.value == hall.people[1]["name"] for f in citizen.page("number").fields)
    citizen.send(intents.Confirm(), intents.Forward())
    assert not any("13800000026" in f.value for f in citizen.page("mobile").fields)


def by_the_leave_button(citizen: Citizen) -> None:
    citizen.send(intents.Leave())
    citizen.shown(lambda s: s.notice is not None and s.notice.kind == "leave", "the question")
    citizen.send(intents.LeaveNow())
    citizen.sees(FarewellView, lambda v: v.card_present)
    citizen.lift_card()


def by_lifting_the_card_after_leaving_in_english(citizen: Citizen) -> None:
    citizen.send(intents.SetLanguage("en"), intents.SetCare(True), intents.LeaveNow())
    assert citizen.sees(FarewellView).title == "Please take your ID card"
    citizen.lift_card()


@pytest.mark.parametrize("door", [by_the_leave_button, by_lifting_the_card_after_leaving_in_english])
def test_a_door_out(door: Callable[[Citizen], None], citizen: Citizen, hall: TownHall) -> None:
    typed_something(citizen)
    door(citizen)
    attract = citizen.shown(lambda s: isinstance(s.view, AttractView))
    assert attract.chrome.language == "zh" and not attract.chrome.care and attract.notice is None
    nothing_is_left(citizen, hall)


def test_staying_keeps_everything(citizen: Citizen) -> None:
    typed_something(citizen)
    citizen.send(intents.Leave())
    citizen.shown(lambda s: s.notice is not None)
    citizen.send(intents.Stay())
    citizen.shown(lambda s: s.notice is None)
    assert any(f.value == "13800000026" for f in citizen.page("mobile").fields)


def test_silence_asks_then_leaves_by_itself(
    citizen: Citizen, hall: TownHall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    typed_something(citizen)
    citizen.lift_card()
    monkeypatch.setattr(farewell, "SHORT_SECONDS", 1)
    monkeypatch.setattr(VisitRules, "page", lambda rules, name: PageRules(1, 3) if name == "form" else PageRules(0, 0))
    asked = citizen.shown(lambda s: s.notice is not None and s.notice.kind == "idle", "the idle question")
    assert asked.notice is not None and 0 < (asked.notice.seconds or 0) <= 3
    # a touch, and everything is as it was
    citizen.send(intents.Stay())
    citizen.shown(lambda s: s.notice is None)
    assert any(f.value == "13800000026" for f in citizen.page("mobile").fields)
    # and without one it goes by itself
    citizen.shown(lambda s: s.notice is not None and s.notice.seconds == 1, "the countdown")
    farewell_view = citizen.sees(FarewellView)
    assert not farewell_view.card_present and farewell_view.title == "谢谢您，慢走"
    citizen.sees(AttractView)
    assert "visit ends: nobody was there any more" in caplog.text
    monkeypatch.undo()
    nothing_is_left(citizen, hall)


def test_a_card_left_lying_does_not_keep_the_terminal_and_the_next_is_told(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(farewell, "CARD_SECONDS", 2)
    citizen.log_in()
    citizen.send(intents.LeaveNow())
    assert citizen.sees(FarewellView).card_present
    citizen.sees(AttractView)
    # the card still lies there: it logs nobody in, and whoever comes is told to lift it
    citizen.send(intents.Start())
    login = citizen.sees(LoginView, lambda v: v.card == "failed")
    assert "拿起来" in login.problem
    citizen.lift_card()
    citizen.sees(LoginView, lambda v: v.card == "waiting")
    citizen.lay_card(1)
    assert citizen.sees(HomeView).greeting == "李先生，您好"


def test_a_language_chosen_by_somebody_who_went_away_does_not_stay(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen.sees(AttractView)
    citizen.send(intents.SetLanguage("en"), intents.SetCare(True), intents.AskHelp())
    citizen.shown(lambda s: s.chrome.language == "en" and s.chrome.care and s.notice is not None)
    default, page = PageRules(1, 1), VisitRules.page
    monkeypatch.setattr(VisitRules, "page", lambda rules, name: default if name == "default" else page(rules, name))
    citizen.shown(lambda s: s.chrome.language == "zh" and not s.chrome.care and s.notice is None, seconds=10)
