"""A material from the citizen's USB stick: waited for, listed, chosen, checked; pulled out at any moment."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from contract.codes import Assurance, LoginWay
from contract.items import Material, MaterialWay
from contract.model import Words
from drivers.usb_stick import UsbStick
from kiosk.identity import Proof
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.source_views import StickView
from kiosk.journey.views import FarewellView, ScanView
from tests.kiosk.headless import WANG, Headless

LEASE = Material(id="lease", name=Words(zh="租赁合同"), way=MaterialWay.SCAN, most_pages=3)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "slot").mkdir()
    return tmp_path / "slot" / "stick"


@pytest.fixture
def terminal(root: Path, tmp_path: Path) -> Iterator[Headless]:
    terminal = Headless(tmp_path / "data", stick=UsbStick(str(root)))
    journey = terminal.journey
    assert journey.release is not None
    journey.release.items["low"] = journey.release.items["low"].model_copy(
        update={"form": None, "situations": [], "commitment": None, "materials": [LEASE]}
    )
    journey.begin_visit(Proof(WANG, LoginWay.ID_CARD, Assurance.SUBSTANTIAL))
    journey.state.begin_item("low")
    journey.go(journey.after(None))
    terminal.does(intents.FromStick())
    yield terminal
    terminal.close()


def plug(root: Path) -> None:
    root.mkdir()
    Image.new("RGB", (600, 800), "red").save(root / "a.jpg")
    with pikepdf.new() as document:
        for _ in range(2):
            document.add_blank_page()
        document.save(root / "b.pdf")
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x"))
        document.save(root / "c.pdf")
    (root / "notes.txt").write_text("nothing")


def view(terminal: Headless) -> StickView:
    shown = terminal.journey.step.view()
    assert isinstance(shown, StickView)
    return shown


def listed(terminal: Headless, root: Path) -> None:
    plug(root)
    terminal.does(Tick())
    terminal.finish_jobs()


def test_chosen_files_become_pages(terminal: Headless, root: Path) -> None:
    assert view(terminal).state == "waiting"
    listed(terminal, root)
    assert [row.name for row in view(terminal).files] == ["a.jpg", "b.pdf", "c.pdf"]
    assert view(terminal).files[1].line.startswith("PDF · ")
    terminal.does(intents.Forward())
    assert "请先点" in view(terminal).problem
    terminal.does(intents.ChooseFile(1), intents.ChooseFile(2), intents.ChooseFile(2), intents.ChooseFile(0))
    terminal.does(intents.ChooseFile(9))
    assert [row.chosen for row in view(terminal).files] == [True, True, False]
    terminal.does(intents.Forward())
    terminal.finish_jobs()
    pages = terminal.journey.step.view()
    assert isinstance(pages, ScanView) and (pages.state, pages.pages, pages.problem) == ("taken", 3, "")
    assert len(pages.strip) == 3, "each page of the PDF is one of the material"
    assert not pages.from_stick, "three pages are the most"
    terminal.does(intents.Forward())
    terminal.finish_jobs()
    visit, sent = terminal.journey.visit, terminal.journey.state.materials["lease"]
    assert visit is not None and sent.pages == 3
    with pikepdf.open(io.BytesIO(terminal.cache.visits.material(visit, sent.sha256))) as document:
        assert len(document.pages) == 3


def test_what_is_refused_is_told_and_another_chosen(terminal: Headless, root: Path) -> None:
    listed(terminal, root)
    terminal.does(intents.ChooseFile(2), intents.Forward())
    terminal.finish_jobs()
    assert view(terminal).state == "choosing" and "PDF 里有程序" in view(terminal).problem
    assert not any(row.chosen for row in view(terminal).files)
    terminal.does(intents.ChooseFile(0))
    assert view(terminal).problem == ""
    terminal.does(intents.ChooseFile(2), intents.Forward())
    terminal.finish_jobs()
    pages = terminal.journey.step.view()
    assert isinstance(pages, ScanView) and pages.pages == 1 and "第 2 个文件没有收" in pages.problem


def test_pulled_out_while_choosing_and_while_taking(terminal: Headless, root: Path) -> None:
    listed(terminal, root)
    shutil.rmtree(root)
    terminal.does(Tick())
    assert (view(terminal).state, view(terminal).files) == ("waiting", ()) and "拔掉" in view(terminal).problem
    listed(terminal, root)
    assert view(terminal).problem == "" and len(view(terminal).files) == 3
    terminal.does(intents.ChooseFile(0), intents.Forward())
    shutil.rmtree(root)
    terminal.finish_jobs()
    assert view(terminal).state == "waiting" and "拔掉" in view(terminal).problem
    assert terminal.cache.store.db.table("materials").count == 0
    terminal.does(intents.Back())
    assert terminal.page == "scan"


def test_a_stick_with_nothing_and_one_that_cannot_be_read(terminal: Headless, root: Path) -> None:
    root.mkdir()
    terminal.does(Tick())
    terminal.finish_jobs()
    assert "没有能收的文件" in view(terminal).problem
    terminal.does(Tick(), Tick())
    assert not terminal.waiting, "it is not looked at again before it was pulled"
    root.rmdir()
    terminal.does(Tick())
    plug(root)
    terminal.does(Tick())
    terminal.finish_jobs()
    assert len(view(terminal).files) == 3
    (root / "a.jpg").write_bytes(b"\xff\xd8\xff another")
    terminal.does(intents.ChooseFile(0), intents.Forward())
    terminal.finish_jobs()
    assert "有文件变了" in view(terminal).problem


def test_a_terminal_without_a_slot_offers_none(tmp_path: Path, terminal: Headless) -> None:
    terminal.does(intents.Back())
    assert isinstance(terminal.journey.step.view(), ScanView)
    object.__setattr__(terminal.parts.devices, "usb_stick", None)
    shown = terminal.journey.step.view()
    assert isinstance(shown, ScanView) and not shown.from_stick
    terminal.does(intents.FromStick())
    assert terminal.page == "scan"


def test_a_stick_still_plugged_in_is_not_forgotten(terminal: Headless, root: Path) -> None:
    plug(root)
    terminal.does(intents.Leave(), intents.LeaveNow())
    view = terminal.journey.snapshot().view
    assert isinstance(view, FarewellView) and view.stick_present and not view.card_present
    assert (view.title, view.line) == ("请取走 U 盘", "U 盘还插着。是您的，请拔出来带走。")
    assert view.seconds > 30
    terminal.journey.card_present = True
    both = terminal.journey.snapshot().view
    assert isinstance(both, FarewellView) and both.title == "请取走卡和 U 盘"
    assert both.line == "身份证还在读卡处。拿起来就好。\nU 盘还插着。是您的，请拔出来带走。"
    terminal.journey.card_present = False
    terminal.does(Tick())
    assert terminal.page == "farewell", "the stick is still there"
    shutil.rmtree(root)
    terminal.does(Tick())
    assert terminal.page == "attract"
