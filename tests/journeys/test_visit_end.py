"""The end of a visit by the rules of a site: the longest time, the card that must stay, and waits that outlive a start.

Each terminal has the rules of its own terminal.toml, as a site writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.codes import LoginWay
from kiosk.journey import intents
from kiosk.journey.views import (
    AttractView,
    CheckView,
    CodeLoginView,
    DoneView,
    FarewellView,
    HomeView,
    LoginView,
    Notice,
    QuestionView,
    SituationView,
    WayTile,
)
from kiosk.journey.watch import Asks, Ends, Watch
from offline_cache.visit_rules import VisitRules
from tests.journeys.fixtures import OpenTerminal
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall

OpenSite = Callable[..., Citizen]
LONGEST, LIFTED = "visit ends: the longest time a visit may take", "visit ends: the card was lifted"


@pytest.fixture
def open_site(hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path) -> OpenSite:
    """A terminal on a copy of its own, with the site's three answers changed and these tables added."""

    def start(tables: str = "", **site: bool) -> Citizen:
        data = hall.enrolled(tmp_path / "terminal")
        settings = (data / "terminal.toml").read_text("utf-8")
        for name, value in site.items():
            settings = re.sub(rf"(?m)^{name} = .*$", f"{name} = {str(value).lower()}", settings)
        (data / "terminal.toml").write_text(f"{settings}\n{tables}", "utf-8")
        return open_terminal(data)

    return start


def notice(citizen: Citizen, kind: str, when: Callable[[int], bool] = lambda seconds: True) -> Notice:
    shown = citizen.shown(
        lambda s: s.notice is not None and s.notice.kind == kind and when(s.notice.seconds or 0), f"the notice {kind}"
    ).notice
    assert shown is not None
    return shown


def no_notice(citizen: Citizen) -> None:
    citizen.shown(lambda s: s.notice is None, "no notice")


def typed(citizen: Citizen, value: str = "13800000026") -> QuestionView:
    return citizen.sees(QuestionView, lambda v: any(field.value == value for field in v.fields))


def half_a_form(citizen: Citizen, place: int = 0) -> None:
    citizen.to_form(place=place)
    citizen.confirm_person()
    citizen.page("mobile")
    citizen.send(intents.Answer("/data/contact/mobile", "13800000026"))
    typed(citizen)


# the longest time


def test_the_times_of_the_table() -> None:
    """45 minutes, told 5 minutes and 1 minute before; what somebody does meanwhile changes nothing."""
    now = 0.0
    rules = VisitRules.load()
    watch = Watch(rules, lambda: now)
    page = rules.page("form")
    watch.begin()
    said: dict[int, Asks | Ends | None] = {}
    for second in (0, 2399, 2400, 2401, 2402, 2639, 2640, 2699, 2700):
        now = float(second)
        watch.touched()
        said[second] = watch.look(page)
        if second in (2401, 2640):
            watch.told()
    assert said == {
        0: None, 2399: None, 2400: Asks("longest", 300), 2401: Asks("longest", 299), 2402: None, 2639: None,
        2640: Asks("longest", 60), 2699: None, 2700: Ends("longest"),
    }  # fmt: skip


def test_the_longest_time_is_told_twice_and_ends(open_site: OpenSite, caplog: pytest.LogCaptureFixture) -> None:
    citizen = open_site("[visit.longest]\nvisit = 6\ntold_before = [5, 2]\n")
    citizen.log_in()
    first = notice(citizen, "longest")
    assert 2 < (first.seconds or 0) <= 5 and "自动退出" in first.line
    citizen.send(intents.Stay())
    no_notice(citizen)
    # the page is as it was, and things can be done
    citizen.send(intents.OpenSearch())
    second = notice(citizen, "longest", lambda seconds: seconds <= 2)
    assert second.seconds is not None and LONGEST not in caplog.text
    citizen.send(intents.Stay())
    no_notice(citizen)
    farewell = citizen.sees(FarewellView)
    assert farewell.card_present and LONGEST in caplog.text
    citizen.lift_card()
    citizen.sees(AttractView)
    # and the next one has all the time
    citizen.log_in(1)
    no_notice(citizen)


# the card that must stay


def test_the_same_card_again_goes_on_with_everything(open_site: OpenSite, caplog: pytest.LogCaptureFixture) -> None:
    citizen = open_site(card_stays=True)
    half_a_form(citizen)
    citizen.lift_card()
    asked = notice(citizen, "card")
    assert 0 < (asked.seconds or 0) <= 15 and "刚才那张身份证" in asked.line
    first = asked.seconds or 0
    assert (notice(citizen, "card", lambda seconds: seconds < first).seconds or 0) < first  # it counts down
    # no button puts the card back
    citizen.send(intents.Stay())
    notice(citizen, "card")
    citizen.lay_card(0)
    no_notice(citizen)
    typed(citizen)
    citizen.send(intents.Confirm(), intents.Forward())
    citizen.page("kind")
    assert LIFTED not in caplog.text


def test_nobody_lays_it_back(open_site: OpenSite, caplog: pytest.LogCaptureFixture) -> None:
    citizen = open_site("[visit.card]\nback_within = 1\n", card_stays=True)
    half_a_form(citizen)
    citizen.lift_card()
    assert not citizen.sees(FarewellView).card_present
    assert LIFTED in caplog.text and not citizen.terminal.parts.cache.store.db.table("drafts").count


def test_another_persons_card_ends_it_at_once(open_site: OpenSite, caplog: pytest.LogCaptureFixture) -> None:
    citizen = open_site("[visit.card]\nback_within = 600\n", card_stays=True)
    half_a_form(citizen)
    citizen.lift_card()
    notice(citizen, "card", lambda seconds: seconds > 500)
    citizen.lay_card(1)
    farewell = citizen.sees(FarewellView)
    assert LIFTED in caplog.text
    # the other card opened nothing: it is lifted and laid down like anybody's
    assert "李" not in farewell.line
    citizen.lift_card()
    assert citizen.log_in(1).greeting == "李先生，您好"


def test_where_the_site_does_not_ask_it_may_be_taken(open_site: OpenSite) -> None:
    citizen = open_site(card_stays=False)
    half_a_form(citizen)
    citizen.lift_card()
    citizen._see_it_lifted()
    citizen.send(intents.Confirm(), intents.Forward())
    citizen.page("kind")
    no_notice(citizen)


def test_who_came_by_another_way_has_no_card_to_leave(open_site: OpenSite, hall: TownHall) -> None:
    citizen = open_site("[visit.card]\nback_within = 1\n", card_stays=True)
    citizen.walk_up()
    citizen.insert_card(1)
    citizen.sees(HomeView)
    citizen.lay_card(1)
    citizen.lift_card()
    citizen._see_it_lifted()
    citizen.send(intents.OpenSearch(), intents.Back())
    citizen.sees(HomeView)
    no_notice(citizen)


def test_it_may_be_lifted_where_another_belongs_and_once_it_is_handed_in(
    open_site: OpenSite, caplog: pytest.LogCaptureFixture
) -> None:
    citizen = open_site("[visit.card]\nback_within = 600\n", card_stays=True)
    citizen.log_in()
    citizen.send(intents.ActFor())
    citizen.sees(SituationView)
    citizen.send(intents.Choose("agent"), intents.Forward())
    # the principal's card belongs there
    citizen.page_of("number")
    citizen.lift_card()
    citizen.lay_card(1)
    citizen.shown(lambda s: isinstance(s.view, HomeView) and s.chrome.acting == "替 李样本 办理", "for whom")
    no_notice(citizen)
    # which has to stay now; either card of the two goes on
    for place in (1, 0):
        citizen.lift_card()
        notice(citizen, "card")
        citizen.lay_card(place)
        no_notice(citizen)
    # for oneself again, and handed in: it may be taken
    citizen.send(intents.ActFor())
    citizen.sees(SituationView)
    citizen.send(intents.Choose("self"), intents.Forward())
    citizen.shown(lambda s: isinstance(s.view, HomeView) and s.chrome.acting == "", "for oneself")
    citizen.print_household_again()
    citizen.lift_card()
    citizen._see_it_lifted()
    done = citizen.sees(DoneView, lambda v: not v.card_present)
    assert done.number and LIFTED not in caplog.text
    no_notice(citizen)


# waits


def tile(citizen: Citizen, way: str) -> WayTile:
    return next(tile for tile in citizen.sees(LoginView).ways if tile.id == way)


def test_a_wait_outlives_the_terminal_and_is_shown(
    open_site: OpenSite, open_terminal: OpenTerminal, hall: TownHall
) -> None:
    citizen = open_site("[visit.attempts.citizen_code]\nwaits = [600]\n")
    citizen.to_code_login()
    citizen.show_code("https://code.example.invalid/jmm/nobody-has-this")
    citizen.sees(LoginView, lambda v: any(t.id == LoginWay.CITIZEN_CODE and not t.available for t in v.ways))
    before = tile(citizen, LoginWay.CITIZEN_CODE)
    citizen.terminal.stop()
    again = open_terminal(citizen.terminal.parts.cache.data)
    hall.devices.code_camera.tell("clear")
    again.walk_up()
    after = tile(again, LoginWay.CITIZEN_CODE)
    assert not after.available and "请等" in after.line
    [was, now] = [int(re.findall(r"\d+", line)[0]) for line in (before.line, after.line)]
    assert 500 < now <= was <= 600
    # it closes that way for now, and no other
    again.send(intents.ChooseWay(LoginWay.CITIZEN_CODE))
    assert all(t.available for t in again.sees(LoginView).ways if t.id not in (LoginWay.CITIZEN_CODE,))
    again.lay_card()
    again.sees(HomeView)
    assert CodeLoginView.__name__ not in again.seen


def test_a_persons_wait_outlives_the_terminal_and_is_that_persons(
    open_site: OpenSite, open_terminal: OpenTerminal, hall: TownHall
) -> None:
    citizen = open_site("[visit.attempts.face]\nwaits = [600]\n", face_at_login=True)
    citizen.sees(AttractView)
    citizen.terminal.parts.cache.attempts.failed("face", hall.people[0]["number"])
    citizen.terminal.stop()
    again = open_terminal(citizen.terminal.parts.cache.data)
    again.walk_up()
    again.lay_card(0)
    waits = again.sees(LoginView, lambda v: "请等" in v.problem)
    assert int(re.findall(r"\d+", waits.problem)[0]) > 500
    again.lift_card()
    again.sees(LoginView, lambda v: v.card == "waiting")
    again.lay_card(1)
    again.shown(lambda s: type(s.view).__name__ == "FaceView", "the face check")
    assert CheckView.__name__ not in again.seen
