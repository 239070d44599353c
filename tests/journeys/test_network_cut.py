"""Submitting without a network: this terminal has it, says so truthfully, and delivers it later, exactly once."""

from __future__ import annotations

from demo.programs import until
from demo.proof import pdf_text
from kiosk.journey import intents
from kiosk.journey.views import AttractView, DoneView, FarewellView
from tests.journeys.hands import Citizen, paper, printed_pages, printed_receipts
from tests.journeys.town_hall import TownHall, traces


def submit_without_network(citizen: Citizen, hall: TownHall, place: int) -> DoneView:
    """Through the shortest service with the cable out."""
    hall.cable.cut()
    citizen.print_household(place)
    return citizen.sees(DoneView, lambda v: v.state == "received" and paper(v, "receipt")[0] == "printed")


def test_the_network_comes_back_while_the_page_is_open(citizen: Citizen, hall: TownHall) -> None:
    before, pages = hall.case_ids(), len(printed_pages(hall))
    view = submit_without_network(citizen, hall, 1)
    assert view.title == "本机已收下您的申请" and "还没有受理" in view.line
    assert paper(view, "certificate")[0] == "waiting"
    receipt = printed_receipts(hall)[-1]
    assert "收件凭证" in receipt and "还没有受理" in receipt and view.number in receipt
    assert hall.case_ids() == before and len(printed_pages(hall)) == pages

    hall.cable.restore()
    done = citizen.settled()
    case = hall.new_case(before)
    assert done.number == case["case_number"] and case["receipt_number"] == view.number
    assert {row.state for row in done.papers} == {"printed"}
    number = case["certificate"]["number"]
    assert sum(number in pdf_text(path) for path in printed_pages(hall)) == 1
    accepted = printed_receipts(hall)[-1]
    assert "受理凭证" in accepted and case["case_number"] in accepted


def test_the_network_comes_back_after_the_citizen_has_left(citizen: Citizen, hall: TownHall) -> None:
    before, person = hall.case_ids(), hall.people[3]
    private = (person["name"], person["number"], person["address"])
    submit_without_network(citizen, hall, 3)
    citizen.send(intents.Rate("4"), intents.ToggleReason("412"), intents.SendRating())
    citizen.sees(DoneView, lambda v: v.rated)
    citizen.finish()
    assert not list(traces(hall.data, *private)), "what waits is sealed"
    assert hall.case_ids() == before

    hall.cable.restore()
    case = hall.new_case(before)
    assert case["case"]["applicant"]["name"] == person["name"] and case["state"] == "10"
    until("the rating", 30, lambda: hall.case(case["case_id"])["rating"])
    cache = citizen.terminal.parts.cache

    def shredded() -> bool:
        [row] = cache.store.db.query(
            "select v.wrapped_key, o.sealed from outbox o join visits v on v.id = o.visit where o.id = ?",
            [case["case_id"]],
        )
        return row["wrapped_key"] is None and row["sealed"] == b""

    until("the visit to be shredded", 30, shredded)
    assert not list(traces(hall.data, *private))
    # nobody was there to take the certificate: it was not printed
    assert not [path for path in printed_pages(hall) if case["certificate"]["number"] in pdf_text(path)]


def test_leaving_before_the_platform_answers_keeps_the_case(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    hall.cable.cut()
    citizen.print_household(1)
    citizen.send(intents.Leave(), intents.LeaveNow())
    citizen.sees(FarewellView)
    citizen.lift_card()
    citizen.sees(AttractView)
    hall.cable.restore()
    assert hall.new_case(before)["case"]["applicant"]["name"] == hall.people[1]["name"]
