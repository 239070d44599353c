"""A certificate that the city sealed: fetched, checked, shown and printed."""

from __future__ import annotations

import threading
from pathlib import Path

import pypdfium2
import pytest

from demo.proof import pdf_text
from kiosk.journey import intents
from kiosk.journey.steps import done as done_step
from kiosk.journey.views import DoneView, GuideView, SituationView
from tests.journeys.hands import Citizen, printed_pages
from tests.journeys.town_hall import TownHall

FUND, COMPANY = "住房公积金缴存证明打印", "单位参保证明打印"


def printed(citizen: Citizen, hall: TownHall, before: set[Path]) -> Path:
    """The one page more than before, once what is shown was checked and printed."""
    done = citizen.settled()
    assert {row.state for row in done.papers} == {"printed"}
    assert done.certificate is not None
    assert done.certificate.picture.startswith(b"\xff\xd8")
    assert "海湾市政务服务专用章" in done.certificate.seal and "已核验" in done.certificate.seal
    [page] = set(printed_pages(hall)) - before
    return page


def test_a_sealed_pdf_is_checked_shown_and_printed(citizen: Citizen, hall: TownHall) -> None:
    before, pages = hall.case_ids(), set(printed_pages(hall))
    citizen.log_in()
    citizen.open_item(FUND)
    citizen.send(intents.Forward())
    said = pdf_text(printed(citizen, hall, pages))
    document = hall.new_case(before)["answer"]["document"]
    assert document["media_type"] == "application/pdf"
    assert all(text in said for text in (document["number"], "王示例", "3702**********002X"))
    citizen.finish()


def test_a_companys_sealed_ofd_is_checked_shown_and_printed(citizen: Citizen, hall: TownHall) -> None:
    before, pages = hall.case_ids(), set(printed_pages(hall))
    citizen.log_in(1)
    citizen.open_item(COMPANY)
    citizen.send(intents.Forward())
    citizen.sees(SituationView, lambda v: v.selected != "")  # the only company it can be for
    citizen.send(intents.Forward())
    citizen.sees(GuideView)
    citizen.send(intents.Forward())
    page = printed(citizen, hall, pages)
    assert hall.new_case(before)["answer"]["document"]["media_type"] == "application/ofd"
    # it is printed as it was drawn: its letters are shapes
    ink = pypdfium2.PdfDocument(page)[0].render(grayscale=True).to_pil().point([255] * 128 + [0] * 128)
    assert ink.getbbox() is not None and pdf_text(page).strip() == ""
    citizen.finish()


def test_a_document_that_did_not_come_is_asked_for_again_by_touch(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    documents = hall.town.fleet_data / "documents"
    kept = {path: path.read_bytes() for path in documents.rglob("*") if path.is_file()}
    lost: dict[Path, bytes] = {}
    over = threading.Event()

    def lose() -> None:
        """The platform's disk does not give up what is written to it from now on."""
        while not over.wait(0.002):
            for path in documents.rglob("*"):
                if path.is_file() and path not in kept and path.suffix == "":
                    lost[path] = path.read_bytes()
                    path.unlink()

    loser = threading.Thread(target=lose)
    loser.start()
    try:
        citizen.log_in()
        citizen.open_item(FUND)
        citizen.send(intents.Forward())
        done = citizen.sees(DoneView, lambda v: any(row.again_means == "fetch_again" for row in v.papers), 90)
    finally:
        over.set()
        loser.join()
    [row] = [row for row in done.papers if row.id == "certificate"]
    assert row.state == "failed" and row.again and "取不到" in row.line and done.certificate is None
    assert lost
    for path, content in lost.items():
        path.write_bytes(content)
    citizen.send(intents.PrintAgain("certificate"))
    citizen.sees(DoneView, lambda v: v.certificate is not None and v.certificate.picture != b"", 60)
    done = citizen.settled()
    assert {row.state for row in done.papers} == {"printed"} and not any(row.again for row in done.papers)
    number = hall.new_case(before)["answer"]["document"]["number"]
    assert len([path for path in printed_pages(hall) if number in pdf_text(path)]) == 1
    citizen.finish()


def test_who_wants_no_paper_says_so_before_it_is_printed(
    citizen: Citizen, hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(done_step, "LOOK_SECONDS", 60.0)
    before, pages = hall.case_ids(), len(printed_pages(hall))
    citizen.log_in()
    citizen.open_item(FUND)
    citizen.send(intents.Forward())
    shown = citizen.sees(DoneView, lambda v: v.certificate is not None and v.certificate.seconds is not None, 90)
    assert shown.certificate is not None and shown.certificate.picture.startswith(b"\xff\xd8")
    citizen.shown(lambda s: (s.chrome.back, s.chrome.forward) == ("先不打印", "现在打印"), "the choice")
    citizen.send(intents.Back())
    held = citizen.sees(DoneView, lambda v: all(row.state in ("printed", "held") for row in v.papers))
    [row] = [row for row in held.papers if row.id == "certificate"]
    assert (row.state, row.again, row.again_means) == ("held", True, "print_now") and held.progress is None
    # the phone may have the file instead
    assert held.certificate is not None and held.certificate.address.startswith("https://")
    number = hall.new_case(before)["answer"]["document"]["number"]
    assert len(printed_pages(hall)) == pages, "nothing was printed"
    citizen.send(intents.PrintAgain("certificate"))
    done = citizen.settled()
    assert {row.state for row in done.papers} == {"printed"}
    assert len([path for path in printed_pages(hall) if number in pdf_text(path)]) == 1
    citizen.finish()
