"""A certificate that the city sealed: fetched, checked, shown and printed."""

from __future__ import annotations

from demo.proof import pdf_text
from kiosk.journey import intents
from tests.journeys.hands import Citizen, printed_pages
from tests.journeys.town_hall import TownHall

FUND = "住房公积金缴存证明打印"


def test_a_sealed_pdf_is_checked_shown_and_printed(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    citizen.log_in()
    citizen.open_item(FUND)
    citizen.send(intents.Forward())
    done = citizen.settled()
    assert {row.state for row in done.papers} == {"printed"}
    assert done.certificate is not None
    assert done.certificate.picture.startswith(b"\xff\xd8")
    assert "海湾市政务服务专用章" in done.certificate.seal and "已核验" in done.certificate.seal
    number = hall.new_case(before)["answer"]["document"]["number"]
    [page] = [path for path in printed_pages(hall) if number in pdf_text(path)]
    assert "王示例" in pdf_text(page) and "3702**********002X" in pdf_text(page)
    citizen.finish()
