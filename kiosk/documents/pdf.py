"""Pages as one PDF: what a material travels as."""

from __future__ import annotations

import io

import cv2
import img2pdf
import pikepdf

from kiosk.documents.pictures import Image

#: Pages are stored as JPEG of this quality: print stays crisp at about 300 KB a page.
JPEG_QUALITY = 80
#: A4 at 200 dpi: the longer and the shorter side a page may have.
LONGEST, SHORTEST = 2339, 1654


def encode_page(page: Image) -> bytes:
    """The page as JPEG, at most 200 dpi of A4."""
    long_side, short_side = max(page.shape[:2]), min(page.shape[:2])
    scale = min(1.0, LONGEST / long_side, SHORTEST / short_side)
    if scale < 1:
        page = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("page cannot be encoded")
    return bytes(data)


def pages_to_pdf(pages: list[bytes], title: str = "") -> bytes:
    """One PDF of JPEG pages on A4, upright or lying as each page is. The same pages give the same bytes.

    `title` is what viewers show: name the kind of paper, never the person. Raises ValueError without pages.
    """
    if not pages:
        raise ValueError("no pages")
    a4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
    layout = img2pdf.get_layout_fun(a4, fit=img2pdf.FitMode.into, auto_orient=True)
    written: bytes = img2pdf.convert(
        pages, layout_fun=layout, title=title or None, nodate=True, producer="", engine=img2pdf.Engine.internal
    )
    return written


def page_count(pdf: bytes) -> int:
    """How many pages `pdf` has. Raises ValueError where it is not a PDF."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return len(document.pages)
    except pikepdf.PdfError as error:
        raise ValueError("not a PDF") from error
