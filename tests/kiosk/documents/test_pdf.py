from __future__ import annotations

import io

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest

from kiosk.documents.jpeg import encode_page
from kiosk.documents.pdf import page_count, pages_to_pdf
from kiosk.documents.scan_results import ScannedPage
from kiosk.documents.scanned_page import scan
from tests.kiosk.documents.photographs import PAGE, photo


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    result = scan(photo())
    assert isinstance(result, ScannedPage)
    return result.jpeg


def test_pages_are_counted(jpeg: bytes) -> None:
    assert page_count(pages_to_pdf([jpeg])) == 1
    assert page_count(pages_to_pdf([jpeg, jpeg, jpeg])) == 3


def test_the_same_pages_give_the_same_bytes(jpeg: bytes) -> None:
    assert pages_to_pdf([jpeg, jpeg], "材料") == pages_to_pdf([jpeg, jpeg], "材料")


def test_every_page_is_a4_upright_or_lying(jpeg: bytes) -> None:
    lying = encode_page(np.rot90(PAGE))
    document = pypdfium2.PdfDocument(pages_to_pdf([jpeg, lying]))
    assert [tuple(round(side) for side in page.get_size()) for page in document] == [(595, 842), (842, 595)]


def test_pages_are_stored_with_no_more_than_200_dpi() -> None:
    large = encode_page(np.repeat(np.repeat(PAGE, 2, 0), 2, 1))
    assert cv2.imdecode(np.frombuffer(large, np.uint8), cv2.IMREAD_COLOR).shape[:2] == (2339, 1654)
    assert len(large) < 600_000


def test_the_jpeg_travels_unchanged_and_the_date_does_not(jpeg: bytes) -> None:
    with pikepdf.open(io.BytesIO(pages_to_pdf([jpeg], "居住证"))) as document:
        (image,) = document.pages[0].get_images().values()
        assert image.read_raw_bytes() == jpeg
        assert str(document.docinfo["/Title"]) == "居住证"
        assert "/CreationDate" not in document.docinfo


def test_what_is_no_pdf_is_refused(jpeg: bytes) -> None:
    with pytest.raises(ValueError, match="no pages"):
        pages_to_pdf([])
    with pytest.raises(ValueError, match="not a PDF"):
        page_count(jpeg)
