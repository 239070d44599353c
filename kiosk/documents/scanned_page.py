"""One picture made into one page of a material, or the reason why not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kiosk.documents.cleanup import even_light
from kiosk.documents.page_detection import find_page, straighten
from kiosk.documents.pdf import encode_page
from kiosk.documents.pictures import Image
from kiosk.documents.quality import Quality, judge

#: Everything that can stand between a citizen and a scanned page; each has words of its own on the screen.
REASONS = (
    "no-page",
    "blurred",
    "glare",
    "cut-off",
    "dark",
    "camera-gone",
    "camera-frozen",
    "worker-died",
)


@dataclass(frozen=True)
class ScannedPage:
    """A page straightened and cleaned, as JPEG of at most 200 dpi of A4."""

    jpeg: bytes = field(repr=False)
    quality: Quality
    width: int
    height: int


@dataclass(frozen=True)
class ScanRefused:
    """No page was taken; `reason` is one of `REASONS`."""

    reason: str


def scan(image: Image) -> ScannedPage | ScanRefused:
    """The page that lies in `image` (BGR)."""
    corners = find_page(image)
    if corners is None:
        return ScanRefused("dark" if float(np.percentile(image, 95)) < 50 else "no-page")
    page = straighten(image, corners)
    quality = judge(image, corners, page)
    if quality.reason:
        return ScanRefused(quality.reason)
    return ScannedPage(encode_page(even_light(page)), quality, page.shape[1], page.shape[0])
