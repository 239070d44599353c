"""Pages as one PDF/A-2b (ISO 19005-2) with a searchable text layer: what a material travels as."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence

import img2pdf
import pikepdf
from PIL import Image, ImageCms

from kiosk.documents.page_text import PageText
from kiosk.documents.scan_results import ScannedPage
from kiosk.documents.text_layer import TextLayer

_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))


def pages_to_pdf(pages: Sequence[ScannedPage], title: str = "", texts: Sequence[PageText | None] = ()) -> bytes:
    """One PDF/A-2b of pages on A4, upright or lying as each page is. The same pages give the same bytes.

    `texts`, where given, are those of `text_reader.TextReader.read`, one a page and None for a page without; they lie
    invisible over the picture. `title` is what viewers show: name the kind of paper, never the person. Raises
    ValueError without pages, or with texts of another number of pages.
    """
    if not pages:
        raise ValueError("no pages")
    if texts and len(texts) != len(pages):
        raise ValueError("as many texts as pages")
    layout = img2pdf.get_layout_fun(_A4, fit=img2pdf.FitMode.into, auto_orient=True)
    pictures = [_group4(page.picture) if page.media_type == "image/png" else page.picture for page in pages]
    plain = img2pdf.convert(pictures, layout_fun=layout, nodate=True, producer="", engine=img2pdf.Engine.internal)
    with pikepdf.open(io.BytesIO(plain)) as document:
        layer = TextLayer(document)
        for sheet, page, text in zip(document.pages, pages, texts or [None] * len(pages), strict=True):
            if text is not None:
                layer.add(sheet, text)
            if page.turned % 4:
                sheet.rotate(page.turned % 4 * 90, relative=True)
        layer.embed()
        _make_archival(document, title)
        written = io.BytesIO()
        document.save(
            written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=False
        )
    return written.getvalue()


def page_count(pdf: bytes) -> int:
    """How many pages `pdf` has. Raises ValueError where it is not a PDF."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return len(document.pages)
    except pikepdf.PdfError as error:
        raise ValueError("not a PDF") from error


def _group4(png: bytes) -> bytes:
    """A picture of one bit a pixel in CCITT group 4, half of PNG's size."""
    tiff = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("1").save(tiff, "TIFF", compression="group4")
    return tiff.getvalue()


def _make_archival(document: pikepdf.Pdf, title: str) -> None:
    """What ISO 19005-2 asks of a document at level B: its colours' meaning, and metadata that says so."""
    profile = document.make_stream(_srgb(), N=3, Alternate=pikepdf.Name.DeviceRGB)
    document.Root.OutputIntents = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFA1,
                OutputConditionIdentifier="sRGB IEC61966-2.1",
                Info="sRGB IEC61966-2.1",
                DestOutputProfile=document.make_indirect(profile),
            )
        ]
    )
    if "/Info" in document.trailer:
        del document.trailer.Info
    with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"
        if title:
            metadata["dc:title"] = title


@functools.cache
def _srgb() -> bytes:
    """LittleCMS's sRGB profile, with its date of making (ICC.1:2010, bytes 24 to 35) set to 2000-01-01."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes.fromhex("07d0 0001 0001 0000 0000 0000".replace(" ", ""))
    # The profile's id (bytes 84 to 99) is a digest of the whole; 0 says that none was reckoned.
    profile[84:100] = bytes(16)
    return bytes(profile)
