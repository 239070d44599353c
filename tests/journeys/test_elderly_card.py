"""赵𠮷䶮, 68, applies for her senior citizen card: an item with choices, an acknowledgement, and a rare name."""

from __future__ import annotations

from demo.proof import pdf_text
from kiosk.journey import intents
from kiosk.journey.views import CheckView, QuestionView
from tests.journeys.hands import ELDERLY, Citizen, printed_pages
from tests.journeys.town_hall import TownHall


def test_the_elderly_card_to_the_end(citizen: Citizen, hall: TownHall) -> None:
    before, person = hall.case_ids(), hall.people[2]
    citizen.log_in(2)
    citizen.open_item(ELDERLY, query="老年证")
    citizen.send(intents.Forward())
    citizen.choose("self")
    citizen.confirm_person()
    citizen.page("functions")
    citizen.send(intents.Forward())
    errors = citizen.sees(QuestionView, lambda v: any(f.error for f in v.fields))
    assert [f.error for f in errors.fields] == ["至少选一样，以后可以加。", "请写手机号码，有事好联系到您。"]
    citizen.fill(functions="bus park", mobile="13700000043")
    page = citizen.page("delivery")
    assert not any(f.path.endswith("/address") for f in page.fields)
    citizen.send(intents.Answer("/data/delivery_page/delivery", "post"))
    page = citizen.page("address")
    assert next(f.value for f in page.fields if f.path.endswith("/address")) == person["address"]
    citizen.fill(delivery="post", understood="OK")
    citizen.scan()
    citizen.sign()
    rows = {row.label: row.value for row in citizen.sees(CheckView).answers}
    assert rows["用在"] == "坐公交、进公园" and rows["姓名"] == "赵𠮷䶮"
    citizen.send(intents.Forward())
    citizen.settled()
    case = hall.new_case(before)
    answers = {answer["path"]: answer["value"] for answer in case["case"]["answers"]}
    assert answers["/data/uses/functions"] == "bus park" and case["case"]["applicant"]["name"] == "赵𠮷䶮"
    [page] = [path for path in printed_pages(hall) if case["certificate"]["number"] in pdf_text(path)]
    assert "赵" in pdf_text(page)
    citizen.finish()


def test_somebody_too_young_is_told_what_to_do(citizen: Citizen) -> None:
    citizen.log_in(0)
    citizen.open_item(ELDERLY)
    citizen.send(intents.Forward())
    citizen.choose("self")
    citizen.confirm_person()
    errors = citizen.sees(QuestionView, lambda v: any(f.error for f in v.fields))
    assert "满 60 岁才能办。给家里老人办，请回到上一步改选。" in [f.error for f in errors.fields]
    citizen.send(intents.Back())
    citizen.choose("family")
    citizen.scan()
    citizen.scan()
    # the same form now asks for the relative, and no longer for this one's age
    citizen.confirm_person()
    citizen.page("senior_name")
