"""A paper of two sheets from the scanner's feeder: page by page to the terminal, as one PDF to the platform."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pikepdf

from benchmarks.drawn_papers import draw_business_licence, draw_certificate
from benchmarks.scanned_frames import BLACK, fed
from kiosk.journey import intents
from kiosk.journey.source_views import ScannerView
from kiosk.journey.views import CheckView, CommitmentView, ScanView
from tests.journeys.fixtures import OpenTerminal, StartAgent
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall


def sheets(folder: Path) -> list[Path]:
    """Two papers as the feeder saw them: one askew before a black roller, one before a white one."""
    licence = np.rot90(draw_business_licence().picture)
    seen = fed(draw_certificate().picture, 2.0, BLACK), fed(np.ascontiguousarray(licence), -1.0)
    paths = [folder / f"sheet-{number}.png" for number in (1, 2)]
    for path, picture in zip(paths, seen, strict=True):
        cv2.imwrite(str(path), picture)
    return paths


def test_two_sheets_from_the_feeder_reach_the_platform_as_one_pdf(
    citizen: Citizen, hall: TownHall, tmp_path: Path
) -> None:
    before = hall.case_ids()
    citizen.to_scan()
    citizen.sees(ScanView, lambda v: v.from_scanner and v.state == "searching")
    first, second = sheets(tmp_path)
    hall.devices.document_scanner.tell(f"load {first} {second}")
    citizen.send(intents.FromScanner())
    shown = citizen.sees(ScannerView, lambda v: v.state == "ready")
    assert next(way.id for way in shown.ways if way.chosen) == "feeder"
    citizen.send(intents.Forward())
    citizen.sees(ScannerView, lambda v: v.state == "scanning")
    pages = citizen.sees(ScanView, lambda v: v.state == "taken", seconds=60)
    assert (pages.pages, len(pages.strip)) == (2, 2)
    citizen.send(intents.ShowPage(1), intents.TurnPage(), intents.Forward())
    citizen.sees(CommitmentView)
    citizen.sign()
    assert [row.value for row in citizen.sees(CheckView).papers if row.label == "就业创业证"] == ["2 页"]
    citizen.send(intents.Forward())
    citizen.settled()
    kept = hall.new_case(before)
    [sent] = [each for each in kept["case"]["materials"] if each["material_id"] == "employment_card"]
    assert (sent["pages"], sent["media_type"]) == (2, "application/pdf")
    with pikepdf.open(io.BytesIO(hall.material(kept, sent["sha256"]))) as document:
        assert [int(page.obj.get("/Rotate", 0)) for page in document.pages] == [0, 90]
        assert document.Root.OutputIntents


def test_a_terminal_without_a_camera_and_a_jam_in_the_middle(
    hall: TownHall, open_terminal: OpenTerminal, start_agent: StartAgent, tmp_path: Path
) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    declared = data / "devices.toml"
    tables = declared.read_text("utf-8").split("\n\n")
    declared.write_text("\n\n".join(table for table in tables if "[document_camera]" not in table), "utf-8")
    start_agent(data)
    citizen = open_terminal(data)
    scanner = hall.devices.document_scanner
    scanner.tell("load 2")
    scanner.tell("fault jam-midway")
    citizen.to_form()
    citizen.fill_insurance()
    citizen.sees(ScannerView, lambda v: v.state == "ready")
    citizen.send(intents.Forward())
    jammed = citizen.sees(ScannerView, lambda v: bool(v.problem), seconds=60)
    assert "纸卡住了" in jammed.problem and "扫好的 1 页都留着" in jammed.problem and len(jammed.pages) == 1
    scanner.tell("fault none")
    scanner.tell("load 1")
    citizen.send(intents.Forward())
    pages = citizen.sees(ScanView, lambda v: v.state == "taken", seconds=60)
    assert pages.pages == 2
    citizen.send(intents.Forward())
    citizen.sees(CommitmentView)
