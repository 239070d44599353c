"""Documents: from an 8-megapixel frame to a clean page, corners found, a known field and a whole page read."""

from __future__ import annotations

import itertools
from typing import Any

import cv2
import numpy as np

from benchmarks.drawn_papers import draw_certificate, draw_id_card_front
from benchmarks.figures import Figure, milliseconds
from benchmarks.page_set import FOUND_WITHIN, corner_error, measured
from benchmarks.photographed_pages import HELD_OUT, photograph_of, photographed
from benchmarks.scanned_frames import DPI, Frame, frames
from kiosk.documents.pdf import pages_to_pdf
from kiosk.documents.recogniser import Recogniser
from kiosk.documents.scan_results import ColourMode, Place, ScannedPage
from kiosk.documents.scanned_page import scan
from kiosk.documents.scanner_page import scanned

PLAIN = "plain OpenCV recipe"
NUMBER = Place(0.32, 0.84, 0.74, 0.93)


def run() -> list[Figure]:
    """Times, then the held-out photographs, then sizes."""
    photo, _ = photograph_of(draw_certificate().picture, 1)
    ours, _ = milliseconds(lambda: scan(photo), 7)
    theirs, _ = milliseconds(lambda: _plain(photo), 7)
    figures = [
        Figure("8 MP frame to clean page", ours, PLAIN, theirs, "ms"),
        Figure("8 MP frame to clean page", ours, "wanted", 1000.0, "ms"),
    ]
    figures += _found()
    figures += _from_scanner()
    figures += _read()
    for mode in ColourMode:
        page = scan(photo, mode)
        assert isinstance(page, ScannedPage)
        pixels = cv2.imdecode(np.frombuffer(page.picture, np.uint8), cv2.IMREAD_UNCHANGED)
        assert pixels is not None
        plain = bytes(cv2.imencode(".png", pixels)[1])
        figures.append(
            Figure(f"PDF/A of one page, {mode}", len(pages_to_pdf([page])) / 1000, "as PNG", len(plain) / 1000, "kB")
        )
    return figures


def _found() -> list[Figure]:
    """Every photograph of the held-out seed whose page lies there whole, beside the plain recipe's corners."""
    seen = measured(photographed(HELD_OUT))
    errors, pages = [], 0
    for photo in itertools.islice(photographed(HELD_OUT), 40):
        pages += 1
        assert photo.corners is not None
        corners = _plain_corners(photo.picture)
        diagonal = float(np.linalg.norm(photo.corners[0] - photo.corners[2]))
        error = float("inf") if corners is None else corner_error(corners, photo.corners)
        if error < FOUND_WITHIN * diagonal:
            errors.append(error)
    plain_error = float(np.mean(errors)) if errors else 0.0
    return [
        Figure("page found, held-out photographs", 100 * seen.found_rate, PLAIN, 100 * len(errors) / pages, "%"),
        Figure("corner error of those found", float(np.mean(seen.pixels)), PLAIN, plain_error, "px"),
        Figure("good pages taken", 100 * seen.taken / seen.good, "wanted", 100.0, "%"),
        Figure(
            "faulty pages refused with their reason", 100 * seen.refused_rightly / seen.faulty, "wanted", 100.0, "%"
        ),
    ]


def _from_scanner() -> list[Figure]:
    """The held-out frames of a scanner; the plain recipe looks for the small papers on its glass."""
    ours, plain, small, taken = 0, 0, 0, 0
    seen = list(frames(HELD_OUT))
    for frame in seen:
        page = scanned(frame.picture, DPI, frame.fed)
        taken += isinstance(page, ScannedPage)
        if not frame.fed:
            small += 1
            ours += isinstance(page, ScannedPage) and _is_size(frame, page.width, page.height)
            corners = _plain_corners(frame.picture)
            if corners is not None:
                wide, high = np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[2] - corners[1])
                plain += _is_size(frame, float(wide), float(high))
    time, _ = milliseconds(lambda: scanned(seen[-1].picture, DPI, seen[-1].fed), 7)
    return [
        Figure("paper cut out of a scanner's glass", 100 * ours / small, PLAIN, 100 * plain / small, "%"),
        Figure("pages of a scanner taken", 100 * taken / len(seen), "wanted", 100.0, "%"),
        Figure("scanner's frame to clean page", time, "wanted", 1000.0, "ms"),
    ]


def _is_size(frame: Frame, width: float, height: float) -> bool:
    """Within 2 mm."""
    found = (width / DPI * 25.4, height / DPI * 25.4)
    return all(abs(one - other) < 2.0 for one, other in zip(found, frame.size, strict=True))


def _read() -> list[Figure]:
    from rapidocr import RapidOCR

    recogniser, plain = Recogniser(), RapidOCR(params={"Global.log_level": "error"})
    card, page = draw_id_card_front().picture, draw_certificate().picture
    height, width = card.shape[:2]
    crop = card[int(NUMBER.top * height) : int(NUMBER.bottom * height), : int(NUMBER.right * width)]
    crop = np.ascontiguousarray(crop[:, int(NUMBER.left * width) :])

    def directly(image: Any, **how: bool) -> Any:
        return plain(image, **how)

    field, _ = milliseconds(lambda: recogniser.read_field(card, NUMBER), 9)
    field_directly, _ = milliseconds(lambda: directly(crop, use_det=False, use_cls=False, use_rec=True), 9)
    whole, _ = milliseconds(lambda: recogniser.read(page), 3)
    whole_directly, _ = milliseconds(lambda: directly(page, use_det=True, use_cls=True, use_rec=True), 3)
    return [
        Figure("known field read", field, "rapidocr directly", field_directly, "ms"),
        Figure("page read, whichever way up", whole, "rapidocr directly", whole_directly, "ms"),
    ]


def _plain(photo: np.ndarray) -> np.ndarray | None:
    """findContours, warpPerspective, adaptiveThreshold: what is found on the web under "document scanner"."""
    corners = _plain_corners(photo)
    if corners is None:
        return None
    width, height = 1654, 2339
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    view = cv2.getPerspectiveTransform(corners, flat)
    page = cv2.cvtColor(cv2.warpPerspective(photo, view, (width, height)), cv2.COLOR_BGR2GRAY)
    return np.asarray(
        cv2.adaptiveThreshold(page, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 21, 10), np.uint8
    )


def _plain_corners(photo: np.ndarray) -> np.ndarray | None:
    scale = 500 / photo.shape[0]
    small = cv2.resize(photo, None, fx=scale, fy=scale)
    edges = cv2.Canny(cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0), 75, 200)
    contours, _ = cv2.findContours(edges, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:5]:
        shape = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True)
        if len(shape) == 4:
            corners = shape.reshape(4, 2).astype(np.float32) / scale
            center = corners.mean(axis=0)
            angles = np.arctan2(corners[:, 1] - center[1], corners[:, 0] - center[0])
            ordered = corners[np.argsort(angles)]
            return np.asarray(np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0), np.float32)
    return None
