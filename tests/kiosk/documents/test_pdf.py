from __future__ import annotations

import dataclasses
import io

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest

from kiosk.documents.page_picture import encode_page
from kiosk.documents.page_text import PageText, TextLine
from kiosk.documents.pdf import page_count, pages_to_pdf
from kiosk.documents.scan_results import ColourMode, Quality, ScannedPage
from kiosk.documents.scanned_page import scan
from tests.kiosk.documents.photographs import PAGE, photo

#: Bytes one page may take: 108,000, 99,000 and 13,000 were measured on this one, 866 x 1225 pixels.
MOST_BYTES = {ColourMode.COLOUR: 130_000, ColourMode.GREY: 120_000, ColourMode.BLACK_AND_WHITE: 18_000}


def scanned(mode: ColourMode = ColourMode.COLOUR) -> ScannedPage:
    result = scan(photo(), mode)
    assert isinstance(result, ScannedPage)
    return result


@pytest.fixture(scope="module")
def page() -> ScannedPage:
    return scanned()


def line(text: str, left: float, top: float, right: float, bottom: float) -> TextLine:
    return TextLine(text, 1.0, ((left, top), (right, top), (right, bottom), (left, bottom)))


#: A plain line, one of characters that mean something in a PDF, one that stands upright, one beyond the BMP.
TEXT = PageText(
    (
        line("姓名 王示例", 0.1, 0.2, 0.4, 0.23),
        line("(野)\\家", 0.5, 0.5, 0.7, 0.53),
        line("𠮷", 0.1, 0.7, 0.12, 0.72),
        TextLine("竖着的", 1.0, ((0.9, 0.1), (0.9, 0.3), (0.87, 0.3), (0.87, 0.1))),
    ),
    1654,
    2339,
)


def test_pages_are_counted(page: ScannedPage) -> None:
    assert page_count(pages_to_pdf([page])) == 1
    assert page_count(pages_to_pdf([page, page, page])) == 3


def test_the_same_pages_give_the_same_bytes(page: ScannedPage) -> None:
    first, second = (pages_to_pdf([page, page], "材料", [TEXT, None]) for _ in range(2))
    assert first == second


def test_every_page_is_a4_upright_or_lying(page: ScannedPage) -> None:
    lying = ScannedPage(encode_page(np.rot90(PAGE)), Quality(0.5), 2339, 1654)
    document = pypdfium2.PdfDocument(pages_to_pdf([page, lying]))
    assert [tuple(round(side) for side in sheet.get_size()) for sheet in document] == [(595, 842), (842, 595)]


def test_a_turned_page_is_shown_turned_and_pages_stand_in_the_order_of_the_list(page: ScannedPage) -> None:
    turned = dataclasses.replace(page, turned=1)
    document = pypdfium2.PdfDocument(pages_to_pdf([turned, page]))
    assert [round(sheet.get_size()[0]) for sheet in document] == [842, 595]
    upright, lying = (np.asarray(document[index].render(scale=0.5).to_pil().convert("L"), float) for index in (1, 0))
    assert np.abs(np.rot90(upright, -1)[:290, :410] - lying[:290, :410]).mean() < 8


def test_pages_are_stored_with_no_more_than_200_dpi() -> None:
    large = encode_page(np.repeat(np.repeat(PAGE, 2, 0), 2, 1))
    assert cv2.imdecode(np.frombuffer(large, np.uint8), cv2.IMREAD_COLOR).shape[:2] == (2339, 1654)


@pytest.mark.parametrize("mode", ColourMode)
def test_a_page_is_small_in_every_mode(mode: ColourMode) -> None:
    pdf = pages_to_pdf([scanned(mode)], "居住证", [TEXT])
    assert len(pdf) < MOST_BYTES[mode]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (image,) = document.pages[0].get_images().values()
        wanted = {"colour": ("/DCTDecode", 8), "grey": ("/DCTDecode", 8), "bw": ("/CCITTFaxDecode", 1)}[mode]
        [stored] = image.Filter if isinstance(image.Filter, pikepdf.Array) else [image.Filter]
        assert (str(stored), int(image.BitsPerComponent)) == wanted
        assert str(image.ColorSpace) == ("/DeviceRGB" if mode is ColourMode.COLOUR else "/DeviceGray")


def test_the_jpeg_travels_unchanged(page: ScannedPage) -> None:
    with pikepdf.open(io.BytesIO(pages_to_pdf([page], "居住证", [TEXT]))) as document:
        (image,) = document.pages[0].get_images().values()
        assert image.read_raw_bytes() == page.picture


@pytest.mark.parametrize("texts", [[TEXT], []], ids=["with text", "without"])
def test_the_rules_of_pdf_a_2b_that_concern_these_documents(page: ScannedPage, texts: list[PageText]) -> None:
    """ISO 19005-2, by number. No validator can be had from PyPI or Debian; these are the rules our pages can break."""
    pdf = pages_to_pdf([page], "居住证", texts)
    # 6.1.2: the header, and a comment of four bytes above 127 after it.
    assert pdf.startswith(b"%PDF-1.")
    assert min(pdf.split(b"\n", 2)[1][1:5]) > 127
    with pikepdf.open(io.BytesIO(pdf)) as document:
        # 6.1.3: an ID, no encryption.
        assert "/ID" in document.trailer
        assert not document.is_encrypted
        # 6.2.3: one output intent with an embedded profile of three colours.
        [intent] = document.Root.OutputIntents
        assert str(intent.S) == "/GTS_PDFA1"
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        assert int(intent.DestOutputProfile.N) == 3
        # 6.6.2: metadata that is not packed, says part and level, and agrees with the information dictionary.
        assert "/Filter" not in document.Root.Metadata
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert metadata["dc:title"] == "居住证"
        assert document.docinfo.get("/Title", "居住证") == "居住证"
        assert set(document.docinfo) <= {"/Title"}
        # 6.5, 6.9, 6.1.13: no scripts, no actions, no attachments, no layers.
        for name in ("/OpenAction", "/AA", "/Names", "/AcroForm", "/OCProperties", "/Perms"):
            assert name not in document.Root
        for item in document.objects:
            if not isinstance(item, pikepdf.Stream | pikepdf.Dictionary):
                continue
            assert str(item.get("/S", "")) not in ("/JavaScript", "/Launch")
            # 6.1.7.2, 6.2.8: no LZW, no pictures that are smoothed or elsewhere.
            assert "LZW" not in str(item.get("/Filter", ""))
            assert not item.get("/Interpolate", False)
            assert "/F" not in item and "/Alternates" not in item and "/SMask" not in item
            # 6.2.11: every font embedded, its widths those of the file, its codes mapped, .notdef never shown.
            if str(item.get("/Subtype", "")) == "/Type0":
                [descendant] = item.DescendantFonts
                assert descendant.FontDescriptor.FontFile2.read_bytes()[:4] == b"\0\1\0\0"
                assert str(item.Encoding) == "/Identity-H"
                assert b"beginbfchar" in item.ToUnicode.read_bytes()
                assert set(descendant.CIDToGIDMap.read_bytes()[2:]) == {0, 1}
        fonts = document.pages[0].Resources.get("/Font", {})
        assert bool(fonts) == bool(texts)


def test_the_text_is_found_where_it_stands_and_never_seen(page: ScannedPage) -> None:
    plain, searchable = (pypdfium2.PdfDocument(pages_to_pdf([page], "", texts)) for texts in ([], [TEXT]))
    pictures = [np.asarray(document[0].render(scale=1).to_pil()) for document in (plain, searchable)]
    assert np.array_equal(*pictures)
    text = searchable[0].get_textpage()
    width, height = searchable[0].get_size()
    assert "𠮷" in text.get_text_range()
    for line in TEXT.lines:
        if line.text == "𠮷":  # pdfium does not search beyond the BMP
            continue
        place = text.search(line.text).get_next()
        assert place is not None, line.text
        boxes = np.array([text.get_charbox(place[0] + index, loose=True) for index in range(place[1])])
        left, bottom = boxes[:, :2].min(axis=0)
        right, top = boxes[:, 2:].max(axis=0)
        # The picture's margins on A4 are under a hundredth of the page.
        seen = np.array((left / width, 1 - top / height, right / width, 1 - bottom / height))
        assert np.abs(seen - (line.left, line.top, line.right, line.bottom)).max() < 0.012


def test_text_read_from_a_turned_picture_lies_over_the_picture_as_it_is() -> None:
    """Upright, the line is at the top left; in the picture, which lies on its left side, at the bottom left."""
    turned = PageText((line("标题", 0.1, 0.05, 0.3, 0.1),), 2339, 1654, turned=1)
    [placed] = turned.in_picture()
    assert (placed.left, placed.top, placed.right, placed.bottom) == pytest.approx((0.05, 0.7, 0.1, 0.9))


def test_what_is_no_pdf_is_refused(page: ScannedPage) -> None:
    with pytest.raises(ValueError, match="no pages"):
        pages_to_pdf([])
    with pytest.raises(ValueError, match="as many texts"):
        pages_to_pdf([page], "", [None, None])
    with pytest.raises(ValueError, match="not a PDF"):
        page_count(page.picture)
