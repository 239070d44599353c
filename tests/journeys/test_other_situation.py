"""Situations (情形): another answer asks other pages, from the start and from "check your answers"."""

from __future__ import annotations

from kiosk.journey import intents
from kiosk.journey.views import CheckView, QuestionView, ScanView, SituationView
from tests.journeys.hands import INSURANCE, Citizen
from tests.journeys.town_hall import TownHall


def test_somebody_from_another_province_is_asked_about_the_arrival(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    check = citizen.to_check("other")
    rows = {row.label: row.value for row in check.answers}
    assert rows["户口"] == "外省" and rows["来本市的日期"] == "2025 年 3 月 1 日"
    citizen.send(intents.Forward())
    citizen.settled()
    sent = hall.new_case(before)["case"]
    answers = {answer["path"]: answer["value"] for answer in sent["answers"]}
    assert sent["situations"] == {"household": "other"}
    assert answers["/data/arrival/permit"] == "370299198ABCDEF"
    assert answers["/data/arrival/arrived"] == "2025-03-01"
    citizen.finish()


def test_a_situation_changed_at_the_check_brings_its_page_up_before_the_check(citizen: Citizen) -> None:
    check = citizen.to_check("local")
    target = next(row.change for row in check.answers if row.label == "户口")
    citizen.send(intents.Change(target))
    assert citizen.sees(SituationView).selected == "local"
    citizen.seen.clear()
    citizen.choose("other")
    # what was typed before is still there; only the new page asks for something
    page = citizen.page("number")
    assert next(f.value for f in page.fields if f.path.endswith("/household")) == "other"
    citizen.send(intents.Forward())
    assert any(f.value == "13800000026" for f in citizen.page("mobile").fields)
    citizen.send(intents.Forward())
    citizen.page("permit")
    citizen.send(intents.Forward())
    citizen.sees(QuestionView, lambda v: any("居住证号码" in f.error for f in v.fields))
    citizen.fill(permit="370299198ABCDEF", arrived="2025-03-01")
    citizen.page("kind")
    citizen.send(intents.Forward())
    citizen.page("base")
    citizen.send(intents.Forward())
    # the paper and the signature given before are still kept
    kept = citizen.sees(ScanView)
    assert (kept.state, kept.pages) == ("taken", 1) and kept.picture.startswith(b"\xff\xd8")
    assert "CheckView" not in citizen.seen
    citizen.send(intents.Forward())
    citizen.sign()
    rows = {row.label: row.value for row in citizen.sees(CheckView).answers}
    assert rows["户口"] == "外省" and rows["居住证号码"] == "370299198ABCDEF"


def test_no_situation_chosen_is_told_and_nothing_is_lost_on_the_way_back(citizen: Citizen) -> None:
    citizen.log_in()
    citizen.open_item(INSURANCE)
    citizen.send(intents.Forward())
    citizen.sees(SituationView)
    citizen.send(intents.Forward())
    assert citizen.sees(SituationView, lambda v: v.problem != "").problem == "请先选一个。"
    citizen.choose("local")
    citizen.confirm_person()
    citizen.fill(mobile="13800000026")
    citizen.page("kind")
    citizen.send(intents.Back())
    assert any(f.value == "13800000026" for f in citizen.page("mobile").fields)
    citizen.send(intents.Back(), intents.Back())
    assert citizen.sees(SituationView).selected == "local"


def test_an_answer_taken_away_at_the_check_is_asked_for_again(citizen: Citizen, hall: TownHall) -> None:
    """Changing an answer to nothing and going back must neither submit a gap nor end the terminal."""
    before = hall.case_ids()
    citizen.to_check()
    citizen.send(intents.Change("form:/data/contact/mobile"))
    citizen.page("mobile")
    citizen.send(intents.Answer("/data/contact/mobile", ""), intents.Back())
    citizen.sees(CheckView, lambda v: any(row.label == "手机号码" and row.value == "没有填" for row in v.answers))
    citizen.send(intents.Forward())
    page = citizen.page("mobile")
    assert next(f.error for f in page.fields if f.path.endswith("mobile")) == "请写手机号码，有事好联系到您。"
    citizen.fill(mobile="13900000018")
    citizen.sees(CheckView)
    citizen.send(intents.Forward())
    citizen.settled()
    answers = {answer["path"]: answer["value"] for answer in hall.new_case(before)["case"]["answers"]}
    assert answers["/data/contact/mobile"] == "13900000018"
