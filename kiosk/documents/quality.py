"""Whether a page in a picture can be read: sharp, lit, whole, without a shining spot."""

from __future__ import annotations

import cv2
import numpy as np

from kiosk.documents.page_detection import straighten, touches_edge
from kiosk.documents.pictures import Corners, Image
from kiosk.documents.scan_results import Quality

#: The page is judged at no more than this many pixels along its longer side: limits hold for every camera.
JUDGED_SIDE = 1400
#: Laplacian variance below which small print is lost. Measured: sharp pages 110-220, one pixel of blur 20-48,
#: two pixels 3-7, a paper still moving below 1.
SHARP_ENOUGH = 12.0
#: Grey level of the paper below which the page is too dark to be cleaned without noise.
DARK_BELOW = 70.0
#: A shining spot: pixels at full white, at least this part of the page in one piece …
GLARE_PART = 0.004
#: … on a paper which elsewhere is at least this many grey levels darker.
GLARE_STEP = 18
_WHITE = 252


def judge(image: Image, corners: Corners, page: Image | None = None) -> Quality:
    """The quality of the page at `corners` of `image`; `page` is the straightened page where it is at hand."""
    flat = straighten(image, corners) if page is None else page
    scale = min(1.0, JUDGED_SIDE / max(flat.shape[:2]))
    flat = cv2.resize(flat, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    inner = _inside(flat)
    grey = cv2.cvtColor(inner, cv2.COLOR_BGR2GRAY)
    # Sensor noise is not sharpness: smooth it away before looking for edges.
    sharp = float(cv2.Laplacian(cv2.GaussianBlur(grey, (3, 3), 0), cv2.CV_32F).var())
    paper = float(np.percentile(grey, 80))
    return Quality(
        sharp=sharp,
        blurred=sharp < SHARP_ENOUGH,
        glare=_shines(inner, grey),
        cut_off=touches_edge(corners, image.shape[1], image.shape[0]),
        dark=paper < DARK_BELOW,
    )


def _inside(page: Image) -> Image:
    """The page without its outermost two hundredths, where the desk may show."""
    height, width = page.shape[:2]
    return page[height // 50 : height - height // 50, width // 50 : width - width // 50]


def _shines(page: Image, grey: Image) -> bool:
    if float(np.median(grey)) > 255 - GLARE_STEP:
        return False
    white = cv2.inRange(page, (_WHITE,) * 3, (255,) * 3)
    white = cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(white)
    largest = max((int(stats[index, cv2.CC_STAT_AREA]) for index in range(1, count)), default=0)
    return largest >= GLARE_PART * white.size
