"""Kept pages as pictures for the screen, turned as the citizen wants them, and as the one PDF they become."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

import pikepdf
from PIL import Image

from kiosk.documents.page_text import PageText
from kiosk.documents.pdf import pages_to_pdf
from kiosk.documents.scan_results import Quality, ScannedPage

#: of a picture for the screen (JPEG)
QUALITY = 85
_TURNS = {
    90: Image.Transpose.ROTATE_270,  # Pillow turns against the clock
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Part:
    """A page's picture (JPEG, PNG) or a PDF, and by how many degrees, clockwise, it is turned: 0, 90, 180 or 270.

    `text` is what was read on the picture, None where nobody read it.
    """

    content: bytes = field(repr=False)
    turn: int = 0
    is_pdf: bool = False
    text: PageText | None = field(default=None, repr=False)


def small(picture_file: bytes, degrees: int, longest: int) -> bytes:
    """The page turned, as a JPEG of at most `longest` pixels a side."""
    picture = _open(picture_file)
    picture.draft("RGB", (longest, longest))
    picture = picture.convert("L") if picture.mode == "1" else picture
    picture.thumbnail((longest, longest))
    return _encoded(picture, degrees)


def one_pdf(parts: Iterable[Part]) -> bytes:
    """All parts as one PDF. The same parts give the same bytes. Raises ValueError without parts."""
    runs = [(is_pdf, list(run)) for is_pdf, run in groupby(parts, key=lambda part: part.is_pdf)]
    if len(runs) == 1 and not runs[0][0]:
        return _pictures(runs[0][1])
    if not runs:
        raise ValueError("no pages")
    with pikepdf.new() as whole:
        for is_pdf, run in runs:
            for content, turn in [(part.content, part.turn) for part in run] if is_pdf else [(_pictures(run), 0)]:
                with pikepdf.open(io.BytesIO(content)) as document:
                    for page in document.pages:
                        page.rotate(turn, relative=True)
                    whole.pages.extend(document.pages)
        written = io.BytesIO()
        whole.save(written, deterministic_id=True)
    return written.getvalue()


def _pictures(run: list[Part]) -> bytes:
    return pages_to_pdf([_page(part) for part in run], texts=[part.text for part in run])


def _page(part: Part) -> ScannedPage:
    width, height = _open(part.content).size
    return ScannedPage(part.content, Quality(0.0), width, height, turned=part.turn // 90)


def _open(picture_file: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture_file), formats=["JPEG", "PNG"])


def _encoded(picture: Image.Image, degrees: int) -> bytes:
    if degrees:
        picture = picture.transpose(_TURNS[degrees])
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
