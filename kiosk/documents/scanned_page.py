"""One picture made into one page of a material, or the reason why not."""

from __future__ import annotations

import numpy as np

from kiosk.documents.cleanup import even_light
from kiosk.documents.jpeg import encode_page
from kiosk.documents.page_detection import find_page, straighten
from kiosk.documents.pictures import Image
from kiosk.documents.quality import judge
from kiosk.documents.scan_results import ScannedPage, ScanRefused


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
