"""A material of several pages: kept one by one, put in order, turned, taken again, deleted, and made into one PDF."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from contract.codes import Assurance, LoginWay
from contract.items import Material, MaterialWay
from contract.model import Words
from kiosk.documents.scan_results import Quality, ScannedPage
from kiosk.identity import Proof
from kiosk.journey import intents
from kiosk.journey.material_pages import KeptPage, MaterialPages
from kiosk.journey.route import Stop
from kiosk.journey.steps.scan_material import ScanMaterial
from kiosk.journey.views import ScanView
from tests.kiosk.headless import WANG, Headless

LEASE = Material(id="lease", name=Words(zh="租赁合同"), way=MaterialWay.SCAN, most_pages=3)
CARD = Material(id="student_card", name=Words(zh="学生证"), way=MaterialWay.SCAN, sides=2, most_pages=2)
RED, GREEN, BLUE = (250, 0, 0), (0, 250, 0), (0, 0, 250)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Headless]:
    terminal = Headless(tmp_path)
    journey = terminal.journey
    assert journey.release is not None
    journey.release.items["low"] = journey.release.items["low"].model_copy(
        update={"form": None, "situations": [], "commitment": None, "materials": [LEASE, CARD]}
    )
    journey.begin_visit(Proof(WANG, LoginWay.ID_CARD, Assurance.SUBSTANTIAL))
    journey.state.begin_item("low")
    journey.go(journey.after(None))
    yield terminal
    terminal.close()


def shoot(terminal: Headless, *colours: tuple[int, int, int]) -> None:
    """There is no camera; what it would have given is taken as it would have been. Pages are 60 wide and 80 high."""
    for colour in colours:
        step = terminal.journey.step
        assert isinstance(step, ScanMaterial)
        data = io.BytesIO()
        Image.new("RGB", (60, 80), colour).save(data, "JPEG", quality=95)
        step.took(ScannedPage(data.getvalue(), Quality(200.0), 60, 80))


def view(terminal: Headless) -> ScanView:
    shown = terminal.journey.step.view()
    assert isinstance(shown, ScanView)
    return shown


def colours(terminal: Headless) -> list[str]:
    return [_colour(Image.open(io.BytesIO(tile))) for tile in view(terminal).strip]


def _colour(picture: Image.Image) -> str:
    pixel = picture.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return "rgb"[max(range(3), key=lambda place: pixel[place])]


def rows(terminal: Headless) -> int:
    return int(terminal.cache.store.db.table("materials").count)


def test_pages_are_kept_at_once_in_the_savepoint_and_sealed(terminal: Headless) -> None:
    shoot(terminal, RED, GREEN)
    visit = terminal.journey.visit
    assert visit is not None and colours(terminal) == ["r", "g"]
    saved = json.loads(terminal.cache.visits.saved(visit) or b"")
    kept = saved["pages"]["lease"]["pages"]
    assert [Image.open(io.BytesIO(terminal.cache.visits.material(visit, page["sha256"]))).size for page in kept] == [
        (60, 80)
    ] * 2
    sealed = [row["sealed"] for row in terminal.cache.store.db.table("materials").rows]
    assert len(sealed) == 2 and not any(b"JFIF" in content for content in sealed)
    assert saved["materials"] == {}, "the PDF is made when the citizen goes on"


def test_moved_turned_taken_again_and_deleted(terminal: Headless) -> None:
    shoot(terminal, RED, GREEN, BLUE)
    assert view(terminal).adds == "" and not view(terminal).from_phone, "three are the most"
    terminal.does(intents.AddPage())
    assert view(terminal).state == "taken"
    terminal.does(intents.MovePage(-1), intents.MovePage(-1), intents.MovePage(-1))
    assert colours(terminal) == ["b", "r", "g"] and view(terminal).at == 0
    terminal.does(intents.TurnPage())
    assert Image.open(io.BytesIO(view(terminal).picture)).size == (80, 60)
    terminal.does(intents.ShowPage(1), intents.ShowPage(9), intents.Retake())
    assert view(terminal).state == "gone" and view(terminal).strip == ()
    shoot(terminal, GREEN)
    assert colours(terminal) == ["b", "g", "g"]
    # twice the same picture: the bytes stay while either is there
    assert rows(terminal) == 2
    terminal.does(intents.DeletePage())
    assert "第 2 页" in view(terminal).sure
    terminal.does(intents.KeepPage())
    assert view(terminal).sure == "" and colours(terminal) == ["b", "g", "g"]
    terminal.does(intents.DeletePage(), intents.DeletePage(sure=True))
    assert colours(terminal) == ["b", "g"] and rows(terminal) == 2
    terminal.does(intents.DeletePage(), intents.DeletePage(sure=True))
    assert colours(terminal) == ["b"] and rows(terminal) == 1


def test_one_pdf_in_the_order_of_the_pages(terminal: Headless) -> None:
    shoot(terminal, RED, GREEN)
    terminal.does(intents.TurnPage(), intents.MovePage(-1), intents.Forward())
    assert terminal.page == "scan" and view(terminal).state == "working"
    terminal.finish_jobs()
    state, visit = terminal.journey.state, terminal.journey.visit
    assert visit is not None and view(terminal).title == "拍摄学生证"
    sent = state.materials["lease"]
    assert (sent.pages, sent.media_type) == (2, "application/pdf")
    pdf = terminal.cache.visits.material(visit, sent.sha256)
    assert len(pdf) == sent.size
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pictures = [pikepdf.PdfImage(next(iter(page.get_images().values()))).as_pil_image() for page in document.pages]
        turns = [int(page.obj.get("/Rotate", 0)) for page in document.pages]
    assert [(_colour(picture), picture.size) for picture in pictures] == [("g", (60, 80)), ("r", (60, 80))]
    assert turns == [90, 0], "the picture stays as it was taken; the page is turned"
    # back again: the pages are still there, and nothing is made anew for nothing
    terminal.does(intents.Back())
    assert colours(terminal) == ["g", "r"]
    terminal.does(intents.Forward())
    assert not terminal.waiting and state.materials["lease"] == sent
    terminal.does(intents.Back(), intents.TurnPage())
    assert "lease" not in state.materials and rows(terminal) == 2, "the PDF of other pages is gone"


def test_both_sides_are_asked_for(terminal: Headless) -> None:
    shoot(terminal, RED)
    terminal.does(intents.Forward())
    terminal.finish_jobs()
    assert (view(terminal).title, view(terminal).page) == ("拍摄学生证", "正面")
    shoot(terminal, RED)
    assert view(terminal).adds == "拍背面"
    assert terminal.journey.snapshot().chrome.forward == "拍背面"
    terminal.does(intents.Forward())
    assert view(terminal).page == "背面" and "student_card" not in terminal.journey.state.materials
    shoot(terminal, BLUE)
    terminal.does(intents.Forward())
    terminal.finish_jobs()
    assert terminal.page == "check" and terminal.journey.state.materials["student_card"].pages == 2


def test_changed_at_the_check_it_comes_back_there(terminal: Headless) -> None:
    journey = terminal.journey
    shoot(terminal, RED)
    terminal.does(intents.Forward())
    terminal.finish_jobs()
    journey.go(journey.make("scan", stop=Stop("scan", 0), change=True))
    terminal.does(intents.AddPage())
    shoot(terminal, BLUE)
    terminal.does(intents.Back())
    terminal.finish_jobs()
    assert terminal.page == "check" and journey.state.materials["lease"].pages == 2


def test_leaving_shreds_every_page(terminal: Headless) -> None:
    shoot(terminal, RED, GREEN)
    terminal.journey.end_visit()
    assert terminal.journey.state.pages == {}
    terminal.cache.visits.shred_finished()
    assert rows(terminal) == 0


def test_the_list_knows_its_ends() -> None:
    a, b, c = (KeptPage(letter * 64) for letter in "abc")
    nothing = MaterialPages()
    assert nothing.move(1) == nothing == nothing.turn() == nothing.delete() == nothing.show(0)
    pages = nothing.add(a).add(b).add(c)
    assert [page.sha256[0] for page in pages.show(0).move(5).pages] == ["b", "c", "a"]
    assert pages.delete().at == 1 and pages.show(0).delete().shown == b
    turned = pages
    for _ in range(4):
        turned = turned.turn()
    assert turned == pages
