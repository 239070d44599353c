"""A page from the document scanner: found wherever it lies, straightened, and refused where it is none."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from benchmarks.drawn_papers import (
    draw_certificate,
    draw_empty_page,
    draw_few_lines,
    draw_household_page,
    draw_id_card_back,
    draw_id_card_front,
)
from benchmarks.scanned_frames import (
    A4_MM,
    BLACK,
    CARD_MM,
    DPI,
    GREY,
    HELD_OUT,
    HOUSEHOLD_MM,
    WHITE,
    fed,
    frames,
    jpeg,
    likeness,
    under_lid,
)
from kiosk.documents.scan_results import ColourMode, ScannedPage, ScanRefused
from kiosk.documents.scanner_page import scanned
from kiosk.documents.scanner_pages import page_of
from kiosk.documents.skew import skew

CARD, BACK, HOUSEHOLD = draw_id_card_front().picture, draw_id_card_back().picture, draw_household_page().picture
CERTIFICATE, FEW, EMPTY = draw_certificate().picture, draw_few_lines().picture, draw_empty_page().picture
MIDDLE = (A4_MM[0] / 2, A4_MM[1] / 2)


def page(result: ScannedPage | ScanRefused) -> np.ndarray:
    assert isinstance(result, ScannedPage), result
    assert (result.width, result.height) == Image.open(io.BytesIO(result.picture)).size
    return cv2.imdecode(np.frombuffer(result.picture, np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize("lid", [WHITE, BLACK], ids=["white lid", "black lid"])
@pytest.mark.parametrize(("where", "angle"), [((90, 120), 0), ((60, 250), 2), ((140, 60), -7), ((100, 150), 30)])
def test_a_card_anywhere_on_the_glass_is_cut_out_and_straight(lid, where: tuple[int, int], angle: float) -> None:
    made = page(scanned(under_lid((CARD, CARD_MM, where, angle), lid=lid), DPI, fed=False))
    size = [side / DPI * 25.4 for side in (made.shape[1], made.shape[0])]
    assert size == pytest.approx(CARD_MM, abs=2.0)
    assert likeness(made, CARD) > 0.95


@pytest.mark.parametrize("lid", [WHITE, BLACK], ids=["white lid", "black lid"])
def test_other_small_papers(lid) -> None:
    household = page(scanned(under_lid((HOUSEHOLD, HOUSEHOLD_MM, (90, 90), -3), lid=lid), DPI, fed=False))
    assert likeness(household, HOUSEHOLD) > 0.85
    in_corner = under_lid((CARD, CARD_MM, (CARD_MM[0] / 2, CARD_MM[1] / 2), 0), lid=lid)
    assert likeness(page(scanned(in_corner, DPI, fed=False)), CARD) > 0.95
    both = under_lid((CARD, CARD_MM, (60, 60), 1), (BACK, CARD_MM, (70, 150), -1), lid=lid)
    made = page(scanned(both, DPI, fed=False))
    assert made.shape[0] / DPI * 25.4 > 130, "two papers on the glass are one page, neither is lost"


def test_white_paper_under_a_white_lid_is_the_whole_frame_and_nothing_of_it_is_lost() -> None:
    for paper in (CERTIFICATE, FEW):
        made = scanned(under_lid((paper, A4_MM, MIDDLE, 1.0)), DPI, fed=False)
        assert (made.width, made.height) == (1654, 2339)
        assert likeness(page(made), paper) > 0.9
    smaller = scanned(under_lid((CERTIFICATE, (148.0, 210.0), (80, 110), 1.5), lid=BLACK), DPI, fed=False)
    assert likeness(page(smaller), CERTIFICATE) > 0.75, "under a black one it is cut out"


def test_a_table_is_not_taken_for_the_paper() -> None:
    sheet = np.full((2339, 1654, 3), 250, np.uint8)
    cv2.rectangle(sheet, (300, 500), (1300, 1300), (40, 40, 40), 8)
    cv2.putText(sheet, "above the table", (300, 300), cv2.FONT_HERSHEY_SIMPLEX, 3, (30, 30, 30), 6)
    assert page(scanned(under_lid((sheet, A4_MM, MIDDLE, 0.0)), DPI, fed=False)).shape[:2] == (2339, 1654)


@pytest.mark.parametrize("behind", [WHITE, GREY, BLACK], ids=["white", "grey", "black"])
@pytest.mark.parametrize("angle", [0.0, 1.0, -2.0, 3.0])
@pytest.mark.parametrize("paper", [CERTIFICATE, FEW], ids=["certificate", "three lines"])
def test_a_sheet_fed_askew_is_mended(behind, angle: float, paper: np.ndarray) -> None:
    made = page(scanned(fed(paper, angle, behind), DPI, fed=True))
    assert abs(skew(cv2.resize(made, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), 100 / 25.4)) < 0.25
    assert likeness(made, paper) > 0.85


@pytest.mark.parametrize(
    ("seen", "by_feeder", "reason"),
    [
        (fed(CERTIFICATE, 8.0), True, "cut-off"),
        (fed(CERTIFICATE, -8.0, BLACK), True, "cut-off"),
        (under_lid((CARD, CARD_MM, (30, 60), 8)), False, "cut-off"),
        (under_lid((CARD, CARD_MM, (185, 290), -12), lid=BLACK), False, "cut-off"),
        (fed(EMPTY, 1.0), True, "empty"),
        (fed(EMPTY, 1.0, BLACK), True, "empty"),
        (under_lid(), False, "empty"),
        (under_lid(lid=BLACK), False, "no-page"),
        (cv2.GaussianBlur(fed(CERTIFICATE, 0.0), (0, 0), 6), True, "blurred"),
    ],
    ids=["fed askew", "fed askew, black", "card over the edge", "card over the edge, black", "blank", "blank, black",
         "nothing, white", "nothing, black", "blurred"],
)  # fmt: skip
def test_what_is_no_page_is_refused(seen: np.ndarray, by_feeder: bool, reason: str) -> None:
    assert scanned(seen, DPI, by_feeder) == ScanRefused(reason)


def test_print_that_shines_through_leaves_a_back_empty() -> None:
    shining = 250 - (255 - CERTIFICATE[:, ::-1].astype(np.int16)) // 16
    assert scanned(fed(shining.astype(np.uint8), 0.5), DPI, fed=True) == ScanRefused("empty")


def test_a_process_makes_it_in_the_materials_colours() -> None:
    seen = jpeg(fed(CERTIFICATE, 1.0))
    modes = []
    for mode in ColourMode:
        made = page_of(seen, DPI, fed=True, mode=mode)
        assert isinstance(made, ScannedPage) and made.quality.reason == ""
        modes.append(Image.open(io.BytesIO(made.picture)).mode)
    assert modes == ["RGB", "L", "1"]


def test_a_process_that_gets_no_picture_or_takes_too_long_costs_the_page() -> None:
    assert page_of(b"\xff\xd8\xff nothing", DPI, fed=True) == ScanRefused("worker-died")
    assert page_of(jpeg(under_lid()), DPI, fed=False, patience=0.05) == ScanRefused("worker-died")
    assert page_of(jpeg(under_lid(lid=BLACK)), DPI, fed=False) == ScanRefused("no-page")


def test_every_paper_of_the_held_out_frames_is_taken_and_of_its_size() -> None:
    for number, frame in enumerate(frames(HELD_OUT, every=7)):
        made = scanned(frame.picture, DPI, frame.fed)
        assert isinstance(made, ScannedPage), (number, made)
        assert [made.width / DPI * 25.4, made.height / DPI * 25.4] == pytest.approx(frame.size, abs=2.0), number
