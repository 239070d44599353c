"""What a paper says is offered in the form: a daughter scans her father's page of the household book."""

from __future__ import annotations

from pathlib import Path

import cv2
import pypdfium2

from benchmarks.drawn_papers import draw_household_page, draw_id_card_back
from benchmarks.photographed_pages import photograph_of
from kiosk.journey import intents
from kiosk.journey.views import CheckView, ScanView
from tests.journeys.fixtures import OpenTerminal, StartAgent
from tests.journeys.hands import ELDERLY, Citizen
from tests.journeys.town_hall import TownHall

#: seconds a page may take to be read on a machine with other work
READING = 120.0
FATHER, NUMBER = "李样本", "370299194907150010"


def photograph(folder: Path) -> tuple[Path, Path]:
    """The page, and a wrong paper, lying on a desk."""
    papers = draw_household_page(FATHER, NUMBER).picture, draw_id_card_back().picture
    paths = folder / "page.jpg", folder / "card.jpg"
    for seed, (paper, path) in enumerate(zip(papers, paths, strict=True)):
        cv2.imwrite(str(path), photograph_of(paper, seed, 210.0 if seed == 0 else 85.6)[0])
    return paths


def lay(citizen: Citizen, paper: Path) -> None:
    citizen.devices.document_camera.tell(f"show {paper}")
    citizen.sees(ScanView, lambda v: v.state == "taken")


def test_the_household_page_fills_the_form(
    hall: TownHall, open_terminal: OpenTerminal, start_agent: StartAgent, tmp_path: Path
) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    settings = data / "terminal.toml"
    settings.write_text(settings.read_text("utf-8").replace("read = false", "read = true"), "utf-8")
    page, card = photograph(tmp_path)
    before = hall.case_ids()
    start_agent(data)
    citizen = open_terminal(data)
    citizen.log_in(0)
    citizen.open_item(ELDERLY)
    citizen.send(intents.Forward())
    citizen.choose("family")
    citizen.scan()

    citizen.sees(ScanView, lambda v: "户口簿" in v.title)
    lay(citizen, card)
    citizen.sees(ScanView, lambda v: "不像“户口簿老人本人页”" in v.problem, READING)
    citizen.send(intents.Retake())
    citizen.sees(ScanView, lambda v: v.state == "searching")
    lay(citizen, page)
    citizen.sees(ScanView, lambda v: v.reading.startswith("认出了"), READING)
    citizen.send(intents.Forward())

    citizen.confirm_person()
    offered = {field.path.rpartition("/")[2]: field for field in citizen.page("senior_name").fields}
    assert [(offered[name].value, offered[name].source) for name in ("senior_name", "senior_number")] == [
        (FATHER, "纸上读的"),
        (NUMBER, "纸上读的"),
    ]
    assert citizen.page("senior_name").confirm == "asked"
    citizen.fill(senior_name=FATHER, relation="child")
    citizen.fill(functions="bus", mobile="13800000026")
    citizen.fill(delivery="hall", understood="OK")
    citizen.sign()
    rows = {row.label: row.value for row in citizen.sees(CheckView).answers}
    assert rows["老人姓名"] == FATHER
    citizen.send(intents.Forward())
    citizen.settled()

    kept = hall.new_case(before)
    case = kept["case"]
    answers = {answer["path"].rpartition("/")[2]: answer["value"] for answer in case["answers"]}
    assert answers["senior_number"] == NUMBER and answers["senior_birth"] == "1949-07-15"
    [book] = [material for material in case["materials"] if material["material_id"] == "household_book"]
    assert book["doubts"] == [], "it is the father's, as it should be"
    assert book["corrected"] and kept["answer"]["notice"]["outcome"] == "corrected"
    assert "户口簿老人本人页先前交的不对，已经换成正确的。" in kept["answer"]["notice"]["paragraphs"][0]
    pdf = pypdfium2.PdfDocument(hall.material(kept, book["sha256"]))
    assert FATHER in pdf[0].get_textpage().get_text_range()
    citizen.finish()
