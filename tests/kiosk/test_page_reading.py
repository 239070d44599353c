"""Pages of a material are read beside the citizen by the real recogniser; what does not fit is asked about."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from benchmarks.drawn_papers import DrawnPaper, draw_household_page, draw_id_card_back, draw_id_card_front
from contract.codes import Assurance, ColourMode, LoginWay, PaperDoubt, PaperRead
from contract.items import Material, MaterialWay
from contract.model import Words
from kiosk.documents.cleanup import clean
from kiosk.documents.page_picture import encode_page
from kiosk.documents.page_pictures import small
from kiosk.documents.scan_results import Quality, ScannedPage
from kiosk.documents.text_reader import TextReader
from kiosk.identity import Proof
from kiosk.journey import intents, material_reading
from kiosk.journey.steps.scan_material import ScanMaterial
from kiosk.journey.views import ScanView
from tests.kiosk.headless import WANG, Headless

BOOK = Material(id="book", name=Words(zh="户口簿本人页"), way=MaterialWay.SCAN, reads=PaperRead.HOUSEHOLD_PAGE)
CARD = Material(id="card", name=Words(zh="身份证"), way=MaterialWay.SCAN, sides=2, reads=PaperRead.ID_CARD)


@pytest.fixture(scope="module")
def reader() -> Iterator[TextReader]:
    """One for all, as its models take seconds to load."""
    reader = TextReader()
    yield reader
    reader.stop()


@pytest.fixture
def terminal(tmp_path: Path, reader: TextReader) -> Iterator[Headless]:
    terminal = Headless(tmp_path, reader=reader)
    journey = terminal.journey
    assert journey.release is not None
    journey.release.items["low"] = journey.release.items["low"].model_copy(
        update={"form": None, "situations": [], "commitment": None, "materials": [BOOK, CARD]}
    )
    journey.begin_visit(Proof(WANG, LoginWay.ID_CARD, Assurance.SUBSTANTIAL))
    journey.state.begin_item("low")
    journey.go(journey.after(None))
    yield terminal
    terminal.close()


@pytest.fixture
def told_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is told has been on the screen for long enough."""
    monkeypatch.setattr(material_reading, "LEAST_TOLD", 0.0)


def shoot(terminal: Headless, draw: Callable[[], DrawnPaper], mode: ColourMode = ColourMode.COLOUR) -> None:
    """What the camera would have made of the paper is taken as it would have been."""
    step, picture = terminal.journey.step, draw().picture
    assert isinstance(step, ScanMaterial)
    page = encode_page(clean(picture, mode), mode)
    step.took(ScannedPage(page, Quality(0.5), picture.shape[1], picture.shape[0]))


def view(terminal: Headless) -> ScanView:
    shown = terminal.journey.step.view()
    assert isinstance(shown, ScanView)
    return shown


def made(terminal: Headless, material: str) -> bytes:
    sent, visit = terminal.journey.state.materials[material], terminal.journey.visit
    assert visit is not None
    return terminal.cache.visits.material(visit, sent.sha256)


def test_a_wrong_paper_is_questioned_and_the_right_one_read(terminal: Headless, told_long_ago: None) -> None:
    shoot(terminal, draw_id_card_back)
    assert view(terminal).reading == "正在认纸上的字…"
    terminal.finish_jobs()
    assert "不像“户口簿本人页”" in view(terminal).problem
    assert terminal.journey.step.buttons()[1] == "button.keep_doubted"
    terminal.does(intents.Retake())
    shoot(terminal, draw_household_page)
    terminal.finish_jobs()
    shown = view(terminal)
    assert shown.problem.startswith("纸上的号码是 3702") and "不一样" in shown.problem, (
        "it is 李样本's, and 王示例 is here"
    )
    assert shown.reading.startswith("认出了")
    terminal.does(intents.Forward())
    terminal.finish_jobs()
    sent = terminal.journey.state.materials["book"]
    assert sent.doubts == [PaperDoubt.NUMBER_DIFFERS] and sent.corrected
    assert terminal.journey.state.readings["book"]["name"] == "李样本"
    text = pypdfium2.PdfDocument(made(terminal, "book"))[0].get_textpage().get_text_range()
    assert "李样本" in text and "常住人口登记卡" in text


def test_a_touch_meant_before_a_doubt_was_told_does_not_wave_it_through(terminal: Headless) -> None:
    shoot(terminal, draw_id_card_back)
    terminal.finish_jobs()
    terminal.does(intents.Forward())
    assert terminal.page == "scan" and "book" not in terminal.journey.state.materials and view(terminal).problem


def test_who_does_not_wait_goes_on_without_a_text_layer(terminal: Headless) -> None:
    shoot(terminal, draw_household_page)
    reading = len(terminal.waiting) - 1
    terminal.does(intents.Forward())
    shown = view(terminal)
    assert (shown.state, terminal.journey.step.buttons()[1]) == ("reading", "button.go_unread")
    assert shown.message == "正在认纸上的字：第 1 页，共 1 页。认出来的不用您再填。"
    terminal.does(intents.Back())
    assert view(terminal).state == "taken"
    terminal.does(intents.Forward(), intents.Forward())
    terminal.finish_job(reading + 1)  # the PDF, before anybody has read the page
    assert terminal.journey.state.materials["book"].doubts == []
    assert not pypdfium2.PdfDocument(made(terminal, "book"))[0].get_textpage().get_text_range().strip()


def test_reading_goes_on_by_itself_once_all_is_read(terminal: Headless, told_long_ago: None) -> None:
    terminal.does(intents.Forward())
    shoot(terminal, lambda: draw_household_page(WANG.name, WANG.number))
    terminal.does(intents.Forward())
    assert view(terminal).state == "reading"
    terminal.finish_jobs()
    assert terminal.journey.state.materials["book"].doubts == [] and view(terminal).title == "拍摄身份证"


def test_a_card_in_black_and_white_with_its_sides_mixed_up(terminal: Headless, told_long_ago: None) -> None:
    shoot(terminal, lambda: draw_household_page(WANG.name, WANG.number))
    terminal.does(intents.Forward())
    terminal.finish_jobs()
    for draw in (draw_id_card_back, draw_id_card_front):
        shoot(terminal, draw, ColourMode.BLACK_AND_WHITE)
    terminal.finish_jobs()
    assert "反面" in view(terminal).problem and view(terminal).at == 1
    terminal.does(intents.MovePage(-1))
    assert view(terminal).problem == "", "put in order, each side is where it belongs"
    terminal.does(intents.Forward())
    terminal.finish_jobs()
    sent = terminal.journey.state.materials["card"]
    assert sent.doubts == [] and sent.pages == 2
    assert terminal.journey.state.readings["card"]["number"] == WANG.number
    assert b"/CCITTFaxDecode" in made(terminal, "card"), "one bit a pixel, as it was taken"


def test_what_was_read_goes_with_the_visit(terminal: Headless) -> None:
    shoot(terminal, draw_household_page)
    terminal.finish_jobs()
    worker = terminal.parts.reader.worker_id
    assert worker is not None and Path(f"/proc/{worker}").exists()
    terminal.journey.end_visit()
    terminal.finish_jobs()
    assert terminal.parts.reader.worker_id is None and terminal.journey.state.texts == {}


def test_the_picture_for_the_screen_may_be_of_one_bit() -> None:
    picture = clean(draw_id_card_front().picture, ColourMode.BLACK_AND_WHITE)
    page = encode_page(picture, ColourMode.BLACK_AND_WHITE)
    assert Image.open(io.BytesIO(small(page, 90, 300))).size[1] == 300
