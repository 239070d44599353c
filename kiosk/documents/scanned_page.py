"""One picture made into one page of a material, or the reason why not."""

from __future__ import annotations

import numpy as np

from kiosk.documents.cleanup import clean
from kiosk.documents.page_detection import find_page, straighten
from kiosk.documents.page_picture import encode_page
from kiosk.documents.pictures import Image
from kiosk.documents.quality import ALL_DARK, judge
from kiosk.documents.scan_results import ColourMode, ScannedPage, ScanRefused


def scan(image: Image, mode: ColourMode = ColourMode.COLOUR) -> ScannedPage | ScanRefused:
    """The page that lies in `image` (BGR)."""
    corners = find_page(image)
    if corners is None:
        dark = float(np.percentile(image[::4, ::4], 95)) < 50
        return ScanRefused("dark", (ALL_DARK,)) if dark else ScanRefused("no-page")
    page = straighten(image, corners)
    quality = judge(image, corners, page)
    if quality.reason:
        return ScanRefused(quality.reason, quality.faults)
    return ScannedPage(encode_page(clean(page, mode), mode), quality, page.shape[1], page.shape[0])
