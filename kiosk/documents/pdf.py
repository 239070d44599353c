"""Pages as one PDF: what a material travels as."""

from __future__ import annotations

import io

import img2pdf
import pikepdf


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
