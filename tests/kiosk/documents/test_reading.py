from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from benchmarks.drawn_papers import (
    READABLE,
    DrawnPaper,
    draw_authorisation_letter,
    draw_business_licence,
    draw_id_card_back,
    draw_id_card_front,
)
from benchmarks.photographed_pages import photograph_of
from contract.codes import PaperDoubt, PaperRead
from contract.identity import Person
from contract.items import Material, MaterialWay
from contract.model import Words
from kiosk.documents.page_text import PageText, TextLine
from kiosk.documents.reading import BusinessLicence, IdCardFront, PaperKind, Reading, read_paper, understand
from kiosk.documents.reading.known_field import read_known_field
from kiosk.documents.recogniser import turn
from kiosk.documents.scan_results import Place, Quality, ScannedPage
from kiosk.documents.scanned_page import scan
from kiosk.documents.text_reader import TextReader

#: Of the 27 fields of the five papers; measured 53 of 54 on ten photographs. None may be wrong.
RECALL = 0.9
WANG = Person(name="王示例", number="37029919920318002X")


@pytest.fixture(scope="module")
def reader() -> Iterator[TextReader]:
    reader = TextReader(page_limit=60)
    yield reader
    reader.stop()


def text_of(reader: TextReader, picture: np.ndarray) -> PageText:
    data = bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1])
    [text] = reader.read([ScannedPage(data, Quality(0.5), picture.shape[1], picture.shape[0])])
    assert text is not None
    return text


def counted(reading: Reading, drawn: DrawnPaper) -> int:
    """How many fields were read; those that were must be right."""
    assert reading.unlike == ""
    read = {name: field.value for name, field in vars(reading.paper).items() if field is not None}
    assert read == {name: drawn.fields[name] for name in read}
    return len(read)


def test_fields_of_photographed_papers(reader: TextReader) -> None:
    sizes = {"id-card-front": 85.6, "id-card-back": 85.6, "household-page": 210.0}
    papers, read = [draw() for draw in READABLE], 0
    for seed, paper in enumerate(papers):
        page = scan(photograph_of(paper.picture, seed, sizes.get(paper.kind, 297.0))[0])
        assert isinstance(page, ScannedPage), (paper.kind, page)
        [text] = reader.read([page])
        assert text is not None
        read += counted(read_paper(PaperKind(paper.kind), text), paper)
    assert read >= RECALL * sum(len(paper.fields) for paper in papers)


def test_a_form_of_the_offices_own_is_read_beside_its_labels(reader: TextReader) -> None:
    paper = draw_authorisation_letter()
    labels = {"principal": "委托人", "agent": "受托人", "matter": "委托事项", "until": "委托期限至"}
    asked = Material(
        id="letter", name=Words(zh="授权委托书"), way=MaterialWay.SCAN, reads=PaperRead.FORM, labels=labels
    )
    page = scan(photograph_of(paper.picture, 3)[0])
    assert isinstance(page, ScannedPage)
    [text] = reader.read([page])
    understood = understand(asked, [text], WANG, None)
    assert understood.values == paper.fields and understood.doubts == ()
    wrong = understand(asked, [text_of(reader, draw_business_licence().picture)], WANG, None)
    assert wrong.doubts == ((0, PaperDoubt.ANOTHER_PAPER),)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_card_lying_on_its_side_or_head_is_read(reader: TextReader, quarters: int) -> None:
    card = draw_id_card_front()
    text = text_of(reader, turn(card.picture, quarters))
    assert text.turned == 4 - quarters
    assert counted(read_paper(PaperKind.ID_CARD_FRONT, text), card) == 6


def test_the_other_side_and_other_papers_are_told(reader: TextReader) -> None:
    front, back, licence = (
        text_of(reader, draw().picture) for draw in (draw_id_card_front, draw_id_card_back, draw_business_licence)
    )
    assert read_paper(PaperKind.ID_CARD_FRONT, back).unlike == "other-side"
    assert read_paper(PaperKind.ID_CARD_BACK, front).unlike == "other-side"
    for kind, text in (
        (PaperKind.ID_CARD_FRONT, licence),
        (PaperKind.BUSINESS_LICENCE, front),
        (PaperKind.HOUSEHOLD_PAGE, front),
        (PaperKind.CERTIFICATE, front),
        (PaperKind.CERTIFICATE, back),
    ):
        reading = read_paper(kind, text)
        assert (reading.unlike, reading.paper) == ("another-paper", None)
    assert read_paper(PaperKind.CERTIFICATE, PageText((), 10, 10)).unlike == "no-text"


@pytest.fixture(scope="module")
def card() -> PageText:
    """An ID card's lines as OCR would find them, to be spoilt one by one."""
    rows = (
        ("姓名 王示例", 0.1),
        ("性别 女 民族 汉", 0.2),
        ("出生 1992年3月18日", 0.3),
        ("住址 海湾市东滩区样板路17号", 0.4),
        ("公民身份号码 37029919920318002X", 0.9),
    )
    return PageText(tuple(a_line(text, top) for text, top in rows), 1000, 600)


def a_line(text: str, top: float, confidence: float = 0.99) -> TextLine:
    return TextLine(text, confidence, ((0.1, top), (0.6, top), (0.6, top + 0.05), (0.1, top + 0.05)))


def spoilt(card: PageText, old: str, new: str, confidence: float = 0.99) -> IdCardFront:
    lines = tuple(
        dataclasses.replace(line, text=line.text.replace(old, new), confidence=confidence) if old in line.text else line
        for line in card.lines
    )
    paper = read_paper(PaperKind.ID_CARD_FRONT, dataclasses.replace(card, lines=lines)).paper
    assert isinstance(paper, IdCardFront)
    return paper


def test_what_is_not_sure_is_none(card: PageText) -> None:
    whole = spoilt(card, "没有", "")
    assert [field and field.value for field in vars(whole).values()] == [
        "王示例",
        "女",
        "汉",
        "1992-03-18",
        "海湾市东滩区样板路17号",
        "37029919920318002X",
    ]
    assert whole.number is not None and whole.number.verified
    assert spoilt(card, "37029919920318002X", "37029919920318002I").number is None
    assert spoilt(card, "37029919920318002X", "370299199203180021").number is None
    assert spoilt(card, "女", "男").sex is None
    assert spoilt(card, "女", "安").sex is None
    assert spoilt(card, "3月18日", "3月13日").birth is None
    assert spoilt(card, "3月18日", "3月78日").birth is None
    assert spoilt(card, "汉", "议").ethnicity is None
    assert spoilt(card, "王示例", "王示7").name is None
    assert spoilt(card, "王示例", "王示例", confidence=0.8).name is None


def test_two_numbers_that_check_are_none(card: PageText) -> None:
    both = dataclasses.replace(card, lines=(*card.lines, a_line("37029919850715001X", 0.97)))
    paper = read_paper(PaperKind.ID_CARD_FRONT, both).paper
    assert isinstance(paper, IdCardFront)
    assert paper.number is None


def test_a_company_code_must_check(reader: TextReader) -> None:
    wrong = draw_business_licence(code="91370299MA3EXAMP12")
    paper = read_paper(PaperKind.BUSINESS_LICENCE, text_of(reader, wrong.picture)).paper
    assert isinstance(paper, BusinessLicence)
    assert paper.code is None
    assert paper.name is not None


def test_one_known_field_is_read_by_its_place() -> None:
    card = draw_id_card_front()
    number = read_known_field(card.picture, Place(0.32, 0.84, 0.74, 0.93))
    assert number is not None
    assert number.value == "37029919920318002X"
    assert read_known_field(card.picture, Place(0.02, 0.7, 0.4, 0.8)) is None
