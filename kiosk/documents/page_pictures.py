"""Kept pages as pictures for the screen, turned as the citizen wants them, and as the one PDF they become."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

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
    """A page's picture (JPEG, PNG), and by how many degrees, clockwise, it is turned: 0, 90, 180 or 270.

    `text` is what was read on it, None where nobody read it.
    """

    content: bytes = field(repr=False)
    turn: int = 0
    text: PageText | None = field(default=None, repr=False)


def small(picture_file: bytes, degrees: int, longest: int) -> bytes:
    """The page turned, as a JPEG of at most `longest` pixels a side."""
    picture = _open(picture_file)
    picture.draft("RGB", (longest, longest))
    picture = picture.convert("L") if picture.mode == "1" else picture
    picture.thumbnail((longest, longest))
    return _encoded(picture, degrees)


def one_pdf(parts: Sequence[Part]) -> bytes:
    """All parts as one PDF/A-2b. The same parts give the same bytes. Raises ValueError without parts."""
    return pages_to_pdf([_page(part) for part in parts], texts=[part.text for part in parts])


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
