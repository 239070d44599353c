"""A material from the document scanner: real driver and SANE, a simulated scanner, faults while it runs."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pikepdf
import pytest
from PIL import Image

from benchmarks.drawn_papers import draw_certificate, draw_id_card_back, draw_id_card_front
from benchmarks.scanned_frames import BLACK, CARD_MM, under_lid
from contract.codes import Assurance, ColourMode, LoginWay
from contract.items import Material, MaterialWay
from contract.model import Words
from drivers.document_scanner import DocumentScanner
from drivers.video.check import VideoCheck
from kiosk.documents.scanner_pages import REASONS
from kiosk.identity import Proof
from kiosk.journey import intents
from kiosk.journey.events import Then
from kiosk.journey.source_views import ScannerView
from kiosk.journey.steps.document_scanner import WHY
from kiosk.journey.views import FarewellView, ScanView
from kiosk.words import LANGUAGES, say
from tests.drivers.conftest import Simulator
from tests.kiosk.headless import WANG, Headless

#: seconds a page takes where the scanner is slow: longer than the work on one
SLOW = 3
LEASE = Material(id="lease", name=Words(zh="租赁合同"), way=MaterialWay.SCAN, most_pages=3)
CARD = Material(id="id_card", name=Words(zh="身份证"), way=MaterialWay.SCAN, sides=2, most_pages=2)


@pytest.fixture
def device() -> Iterator[Simulator]:
    device = Simulator("document_scanner", "--slow-page", str(SLOW))
    yield device
    device.stop()


@pytest.fixture
def terminal(device: Simulator, tmp_path: Path) -> Iterator[Headless]:
    yield from visiting(tmp_path, DocumentScanner(device.said["port"], status_timeout=2), LEASE)


def visiting(folder: Path, scanner: DocumentScanner, *materials: Material) -> Iterator[Headless]:
    """Somebody at the first of these materials, on a terminal that has no camera."""
    terminal = Headless(folder / "data", scanner=scanner)
    journey = terminal.journey
    assert journey.release is not None
    journey.release.items["low"] = journey.release.items["low"].model_copy(
        update={"form": None, "situations": [], "commitment": None, "materials": list(materials)}
    )
    journey.begin_visit(Proof(WANG, LoginWay.ID_CARD, Assurance.SUBSTANTIAL))
    journey.state.begin_item("low")
    journey.go(journey.after(None))
    finish(terminal)
    yield terminal
    terminal.close()


def finish(terminal: Headless, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Do what waits, on a thread as the terminal does; `meanwhile` is asked again and again while it runs."""
    while terminal.waiting:
        work, then = terminal.waiting.pop(0)
        said: list[object] = []
        thread = threading.Thread(target=lambda work=work, said=said: said.append(work()), daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while thread.is_alive() and time.monotonic() < deadline:
            terminal.hear_devices()
            meanwhile()
            thread.join(0.02)
        assert said, "it took too long"
        terminal.hear_devices()
        terminal.does(Then(lambda then=then, said=said: then(said[0])))


def view(terminal: Headless) -> ScannerView:
    shown = terminal.journey.step.view()
    assert isinstance(shown, ScannerView), terminal.page
    return shown


def pages(terminal: Headless) -> ScanView:
    shown = terminal.journey.step.view()
    assert isinstance(shown, ScanView), terminal.page
    return shown


def scan(terminal: Headless, way: str = "", meanwhile: Callable[[], None] = lambda: None) -> None:
    if way:
        terminal.does(intents.ChooseWay(way))
    terminal.does(intents.Forward())
    assert view(terminal).state == "scanning"
    finish(terminal, meanwhile)


def file_of(folder: Path, name: str, picture) -> Path:
    path = folder / f"{name}.png"
    cv2.imwrite(str(path), picture)
    return path


def test_a_terminal_without_a_camera_begins_with_the_scanner(terminal: Headless, device: Simulator) -> None:
    shown = view(terminal)
    assert (terminal.page, shown.state, shown.title) == ("document_scanner", "ready", "扫描租赁合同")
    assert [(way.id, way.chosen) for way in shown.ways] == [
        ("feeder", False), ("feeder-duplex", False), ("flatbed", True)
    ]  # fmt: skip
    assert "玻璃板" in shown.help and terminal.journey.snapshot().chrome.forward == "开始扫"
    terminal.does(intents.Back())
    shown_pages = pages(terminal)
    assert (shown_pages.state, shown_pages.problem, shown_pages.from_scanner) == ("gone", "", True)
    assert "没有拍摄台面" in shown_pages.help and shown_pages.from_phone
    assert terminal.journey.snapshot().chrome.forward == "", "there is nothing to take a picture with"
    device("load 2")
    terminal.does(intents.FromScanner())
    finish(terminal)
    assert next(way.id for way in view(terminal).ways if way.chosen) == "feeder", "sheets lie in it already"
    terminal.does(intents.Back(), intents.Back())
    assert terminal.page == "guide"


def test_sheets_from_the_feeder_become_pages_and_one_pdf(terminal: Headless, device: Simulator) -> None:
    device("load 2")
    scan(terminal, "feeder")
    shown = pages(terminal)
    assert (shown.state, shown.pages, len(shown.strip)) == ("taken", 2, 2) and "原件" in shown.problem
    assert Image.open(io.BytesIO(shown.strip[0])).height == 240
    assert shown.adds == "再扫一页"
    terminal.does(intents.Forward())
    finish(terminal)
    sent, visit = terminal.journey.state.materials["lease"], terminal.journey.visit
    assert visit is not None and (sent.pages, terminal.page) == (2, "check")
    with pikepdf.open(io.BytesIO(terminal.cache.visits.material(visit, sent.sha256))) as document:
        assert [[round(float(side)) for side in page.mediabox[2:]] for page in document.pages] == [[595, 842]] * 2


def test_no_more_pages_than_there_is_room_for(terminal: Headless, device: Simulator) -> None:
    device("load 5")
    scan(terminal, "feeder")
    assert pages(terminal).pages == 3 and "最多收 3 页" in pages(terminal).problem
    assert not pages(terminal).from_scanner and pages(terminal).adds == ""
    device("load 2")
    terminal.does(intents.ShowPage(1), intents.Retake())
    finish(terminal)
    before = terminal.journey.state.pages["lease"].pages
    scan(terminal, "feeder")
    assert "只换了这一页" in pages(terminal).problem
    after = terminal.journey.state.pages["lease"].pages
    assert after == (before[0], before[0], before[2]), "the first sheet of either stack is the same"


def test_a_blank_back_is_dropped_and_a_blank_front_told(terminal: Headless, device: Simulator, tmp_path: Path) -> None:
    page = file_of(tmp_path, "page", draw_certificate().picture)
    blank = file_of(tmp_path, "blank", draw_certificate().picture * 0 + 250)
    device(f"load {page} {blank}|{page}")
    scan(terminal, "feeder-duplex")
    shown = pages(terminal)
    assert shown.pages == 2 and "第 3 页没有收：这一页是空白的" in shown.problem and "第 2 页" not in shown.problem


def test_both_sides_of_a_paper_that_has_two(device: Simulator, tmp_path: Path) -> None:
    front, back = (
        under_lid((paper.picture, CARD_MM, (80, 90), 4), lid=BLACK)
        for paper in (draw_id_card_front(), draw_id_card_back())
    )
    front_file, back_file = file_of(tmp_path, "front", front), file_of(tmp_path, "back", back)
    for terminal in visiting(tmp_path, DocumentScanner(device.said["port"], status_timeout=2), CARD):
        assert [way.id for way in view(terminal).ways] == ["feeder-duplex", "flatbed"]
        device(f"show {front_file}")
        scan(terminal)
        assert view(terminal).state == "ready" and "翻过来" in view(terminal).good and len(view(terminal).pages) == 1
        device("show none")
        device(f"show {back_file}")
        scan(terminal)
        assert pages(terminal).pages == 2
        visit = terminal.journey.visit
        assert visit is not None
        for kept in terminal.journey.state.pages["id_card"].pages:
            picture = Image.open(io.BytesIO(terminal.cache.visits.material(visit, kept.sha256)))
            assert [side / 200 * 25.4 for side in picture.size] == pytest.approx(CARD_MM, abs=2.0)


def test_the_materials_colours(device: Simulator, tmp_path: Path) -> None:
    grey = LEASE.model_copy(update={"colour": ColourMode.BLACK_AND_WHITE})
    for terminal in visiting(tmp_path, DocumentScanner(device.said["port"], status_timeout=2), grey):
        scan(terminal)
        [kept] = terminal.journey.state.pages["lease"].pages
        visit = terminal.journey.visit
        assert visit is not None and terminal.cache.visits.material(visit, kept.sha256).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("fault", "way", "told"),
    [
        ("empty", "feeder", "进纸口里没有纸"),
        ("jam", "feeder", "纸卡住了"),
        ("cover-open", "feeder", "盖子没盖好"),
        ("busy", "feeder", "还在忙"),
        ("drop", "flatbed", "扫描仪连不上"),
        ("silence", "feeder", "没有反应"),
        ("half-page", "flatbed", "没扫完整"),
        ("stopped", "flatbed", "出了故障"),
    ],
)
def test_every_fault_says_what_to_do_and_is_over_when_it_is(
    terminal: Headless, device: Simulator, fault: str, way: str, told: str
) -> None:
    device("load 1")
    device(f"fault {fault}")
    scan(terminal, way)
    assert view(terminal).state == "ready" and told in view(terminal).problem and not view(terminal).pages
    device("fault none")
    device("load 1")
    scan(terminal)
    assert pages(terminal).pages == 1


@pytest.mark.parametrize(("fault", "told"), [("jam", "纸卡住了"), ("drop", "扫描仪连不上"), ("half-page", "没扫完整")])
def test_pages_that_came_before_a_fault_are_kept(terminal: Headless, device: Simulator, fault: str, told: str) -> None:
    device("load 3")

    def break_after_the_first() -> None:
        if terminal.page == "document_scanner" and view(terminal).pages and not broken:
            broken.append(device(f"fault {fault}"))

    broken: list[object] = []
    device("fault slow")
    scan(terminal, "feeder", break_after_the_first)
    shown = view(terminal)
    assert broken and told in shown.problem and "都留着" in shown.problem
    kept = len(shown.pages)
    assert 1 <= kept < 3 and len(terminal.journey.state.pages["lease"].pages) == kept
    device("fault none")
    device("load 1")
    scan(terminal, "feeder")
    assert pages(terminal).pages == kept + 1


def test_stopped_and_left_in_the_middle(terminal: Headless, device: Simulator) -> None:
    device("load 3")
    device("fault slow")

    def stop_after_the_first() -> None:
        if view(terminal).pages and view(terminal).state == "scanning":
            terminal.does(intents.Forward())
            assert view(terminal).state == "stopping" and not terminal.journey.snapshot().chrome.forward_enabled

    scan(terminal, "feeder", stop_after_the_first)
    shown = view(terminal)
    assert shown.state == "ready" and "停下来了" in shown.problem and 1 <= len(shown.pages) < 3
    assert device("state")["running"] == 0

    def leave() -> None:
        if terminal.page == "document_scanner":
            terminal.does(intents.Back())

    kept = len(shown.pages)
    device("load 2")
    scan(terminal, "feeder", leave)
    assert pages(terminal).pages == kept and device("state")["running"] == 0
    device("fault none")
    terminal.does(intents.FromScanner())
    finish(terminal)
    assert view(terminal).state == "ready"


def test_a_scanner_that_is_away_is_asked_again(device: Simulator, tmp_path: Path) -> None:
    device("fault drop")
    for terminal in visiting(tmp_path, DocumentScanner(device.said["port"], status_timeout=2), LEASE):
        assert view(terminal).state == "away" and "再试一次" in view(terminal).problem
        assert terminal.journey.snapshot().chrome.forward == "再试一次"
        device("fault none")
        terminal.does(intents.Forward())
        finish(terminal)
        assert view(terminal).state == "ready" and view(terminal).problem == ""


def test_a_terminal_with_a_camera_offers_the_scanner_beside_it(terminal: Headless) -> None:
    object.__setattr__(terminal.parts.devices, "document_camera_check", VideoCheck("http://127.0.0.1:9/"))
    journey = terminal.journey
    journey.go(journey.after(None))
    assert terminal.page == "scan" and pages(terminal).from_scanner and pages(terminal).title == "拍摄租赁合同"
    terminal.does(intents.FromScanner())
    finish(terminal)
    scan(terminal)
    assert pages(terminal).pages == 1 and pages(terminal).adds == "再拍一页"


def test_what_may_lie_on_the_glass_is_named_at_the_farewell(terminal: Headless, device: Simulator) -> None:
    device("load 1")
    scan(terminal, "feeder")
    terminal.does(intents.ShowPage(0), intents.AddPage())
    finish(terminal)
    scan(terminal, "flatbed")
    terminal.does(intents.LeaveNow())
    view = terminal.journey.step.view()
    assert isinstance(view, FarewellView) and "扫描仪的盖子" in view.line and view.seconds > 5
    terminal.journey.go(terminal.journey.make("attract"))
    terminal.journey.go(terminal.journey.make("farewell"))
    view = terminal.journey.step.view()
    assert isinstance(view, FarewellView) and "扫描仪" not in view.line, "the next citizen has put nothing there"


def test_a_look_at_the_devices_health_does_not_make_the_scanner_busy(terminal: Headless, device: Simulator) -> None:
    scanner = terminal.parts.devices.document_scanner
    assert scanner is not None
    device("fault silence")
    health = threading.Thread(target=scanner.check)
    health.start()  # holds it until it gives up, after two seconds
    scan(terminal, "flatbed", lambda: health.is_alive() or device("fault none"))
    assert pages(terminal).pages == 1
    health.join()


def test_sanes_own_test_scanner_whose_pages_are_black(tmp_path: Path) -> None:
    for terminal in visiting(tmp_path, DocumentScanner("test:0"), LEASE):
        assert [way.id for way in view(terminal).ways] == ["feeder", "flatbed"]
        scan(terminal)
        assert view(terminal).problem == "没找到纸。请把纸放好，盖好盖子，再扫一次。"
        scan(terminal, "feeder")
        assert view(terminal).problem == "第 1、2、3、4 页没有收：没找到纸。请把纸放好，盖好盖子，再扫一次。"
        assert "lease" not in terminal.journey.state.pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    reasons = [f"page_{reason.replace('-', '_')}" for reason in REASONS]
    for key in (*reasons, *WHY.values(), "broken", "full", "one_only"):
        assert say(f"document_scanner.{key}", language, most=3)
