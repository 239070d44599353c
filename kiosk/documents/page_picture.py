"""A page as the bytes it is stored and travels as."""

from __future__ import annotations

import cv2

from kiosk.documents.pictures import Image
from kiosk.documents.scan_results import ColourMode

#: Pages in colour and grey are stored as JPEG of this quality: print stays crisp.
JPEG_QUALITY = 80
#: A4 at 200 dpi: the longer and the shorter side a page may have.
LONGEST, SHORTEST = 2339, 1654


def encode_page(page: Image, mode: ColourMode = ColourMode.COLOUR) -> bytes:
    """The page as JPEG, or black and white as PNG of one bit a pixel, at most 200 dpi of A4."""
    long_side, short_side = max(page.shape[:2]), min(page.shape[:2])
    scale = min(1.0, LONGEST / long_side, SHORTEST / short_side)
    if scale < 1:
        page = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if mode is ColourMode.BLACK_AND_WHITE:
        page = cv2.threshold(page, 127, 255, cv2.THRESH_BINARY)[1]
        done, data = cv2.imencode(".png", page, [cv2.IMWRITE_PNG_BILEVEL, 1])
    else:
        done, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("page cannot be encoded")
    return bytes(data)
