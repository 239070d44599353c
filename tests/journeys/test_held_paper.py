"""A licence that the city has is confirmed instead of a paper; and a city that hangs keeps nobody waiting."""

from __future__ import annotations

from fleet.connectors.interface import LIMIT
from kiosk.journey import intents
from kiosk.journey.views import CheckView, CommitmentView, HeldView, QuestionView, ScanView
from tests.fleet.held import hanging
from tests.journeys.hands import INSURANCE, Citizen
from tests.journeys.town_hall import TownHall

#: 陈假设, whose 就业创业证 is among the sample city's licences
CHEN, BOOK = 3, "JY-3702-2021-000095"


def answer_form(citizen: Citizen) -> None:
    """Every page of the insurance form."""
    citizen.confirm_person()
    citizen.fill(mobile="13600000095")
    citizen.fill(kind="both", start="next_month")
    citizen.fill(base="5000")


def test_a_licence_is_used_instead_of_a_paper(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    citizen.to_form(place=CHEN)
    answer_form(citizen)
    view = citizen.sees(HeldView, lambda v: v.state == "ready")
    assert view.picture and "海湾市政务服务专用章" in view.seal
    assert (dict(view.rows)["证照编号"], dict(view.rows)["有效期至"]) == (BOOK, "长期有效")
    citizen.send(intents.Forward())
    citizen.sees(CommitmentView)
    assert "ScanView" not in citizen.seen, "nothing is scanned"
    citizen.sign()
    check = citizen.sees(CheckView)
    assert any(BOOK in row.value for row in check.papers)
    citizen.send(intents.Forward())
    citizen.settled()
    case = hall.new_case(before)["case"]
    material = next(each for each in case["materials"] if each["material_id"] == "employment_card")
    assert (material["origins"], material["media_type"], material["pages"]) == (["licence"], "application/pdf", 1)
    assert BOOK in material["reference"]
    sealed = hall.town.fleet_data / "sample-seals" / "licences" / f"{BOOK}.pdf"
    content = hall.get(f"/cases/{case['case_id']}/materials/{material['sha256']}").content
    assert content == sealed.read_bytes(), "the office has the sealed file, byte for byte"
    citizen.finish()


def test_a_city_that_hangs_is_a_paper_to_scan(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    with hanging(hall.town.fleet_data, BOOK):
        citizen.to_form(place=CHEN)
        answer_form(citizen)  # which goes on while the city is being waited for
        citizen.sees(ScanView, seconds=LIMIT + 5)
    citizen.send(intents.Back())
    citizen.sees(QuestionView)
    citizen.send(intents.Forward())
    citizen.scan()
    citizen.sign()
    citizen.sees(CheckView)
    citizen.send(intents.Forward())
    citizen.settled()
    material = next(m for m in hall.new_case(before)["case"]["materials"] if m["material_id"] == "employment_card")
    assert (material["origins"], material["reference"]) == (["scan"], "")
    citizen.finish()


def test_without_a_network_it_is_scanned_at_once(citizen: Citizen, hall: TownHall) -> None:
    citizen.log_in(CHEN)
    citizen.open_item(INSURANCE)
    hall.cable.cut()
    citizen.shown(lambda s: s.chrome.network == "offline", "the network's end")
    citizen.send(intents.Forward())
    citizen.choose("local")
    answer_form(citizen)
    citizen.scan()
    citizen.sees(CommitmentView)
    assert "HeldView" not in citizen.seen
