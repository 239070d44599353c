"""A page from a document scanner: cut out of what the scanner saw, straightened, and judged, or the reason why not.

Seen straight on and evenly lit, a paper is whatever is not the lid: it is turned and cut, nothing more. Where no edge
of it shows (white paper under a white lid, a fed page) the whole frame is the page, turned as its lines of print lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.documents.cleanup import in_mode
from kiosk.documents.page_picture import encode_page
from kiosk.documents.pictures import Corners, Image
from kiosk.documents.quality import judge_print
from kiosk.documents.scan_results import ColourMode, ScannedPage, ScanRefused
from kiosk.documents.skew import skew

#: Dots an inch at which a paper is looked for; the lengths below are millimetres.
SEARCH_DPI = 100
MM = SEARCH_DPI / 25.4
#: A lid is as grey as this at least (channels at most so far apart), and black up to, or white from, this grey level.
LID_COLOUR, BLACK_LID, WHITE_LID = 24, 110, 205
#: How far a pixel may be from the lid's own colour: dust and scratches on a black one, next to nothing on a white one.
BLACK_TOLERANCE, WHITE_TOLERANCE = 30, 9
#: A lid shows on so much of the frame's edge, at least.
LEAST_LID = 0.03
#: Smaller than this (mm²) nothing is a paper: a passport photograph has 875.
SMALLEST = 600.0
#: A paper fills so much of its own convex hull; print that happens to be dense does not.
SOLID = 0.93
#: More of the frame than this outside the paper, and the paper was only part of a page (a table, a photograph).
OUTSIDE = 0.0005
#: Under a white lid, what fills more of the frame than this is the frame of a printed page, not the page.
PRINTED = 0.7
#: A paper that lies askew over the glass's edge has lost more than this part of its longer side: it is cut off.
LOST = 0.03
#: A sheet fed in more askew than this (degrees) has lost print at the frame's edge.
FED_ASKEW = 6.0
#: The paper's own edge (mm) that stays away: the shadow along it.
RIM = 0.5


@dataclass(frozen=True)
class _Paper:
    """Where a paper lies, in pixels of the search: turned clockwise by `angle` degrees, and what bounds it."""

    angle: float
    outline: Corners


def scanned(image: Image, dpi: int, fed: bool, mode: ColourMode = ColourMode.COLOUR) -> ScannedPage | ScanRefused:
    """The page in `image` (BGR) of a scanner; `fed`: it came through the feeder and fills the frame."""
    scale = min(1.0, SEARCH_DPI / dpi)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lids = list(_lids(small, fed))
    papers = [paper for lid, tolerance in lids if (paper := _paper(small, lid, tolerance)) is not None]
    if papers:
        paper = papers[0]
        if abs(paper.angle) > FED_ASKEW if fed else _cut_off(paper, small):
            return ScanRefused("cut-off")
        page = _cut(image, paper, scale)
    elif any(float(_like(small, lid, tolerance).mean()) > 0.98 and lid.max() <= BLACK_LID for lid, tolerance in lids):
        return ScanRefused("no-page")
    else:
        angle = skew(small, MM)
        if fed and abs(angle) > FED_ASKEW:
            return ScanRefused("cut-off")
        page = _turned(image, angle)
    quality = judge_print(page)
    if quality.reason:
        return ScanRefused(quality.reason, quality.faults)
    return ScannedPage(encode_page(in_mode(page, mode), mode), quality, page.shape[1], page.shape[0])


# the lid


def _lids(small: Image, fed: bool) -> list[tuple[NDArray[np.int16], int]]:
    """Colours at the frame's edge that may be the lid's, with what may differ from it: black before white.

    Behind a fed sheet only black counts: white round it is its own paper.
    """
    ring = np.concatenate([small[:3].reshape(-1, 3), small[-3:].reshape(-1, 3)])
    ring = np.concatenate([ring, small[:, :3].reshape(-1, 3), small[:, -3:].reshape(-1, 3)]).astype(np.int16)
    grey = ring.mean(axis=1)
    kinds = [(grey <= BLACK_LID, BLACK_TOLERANCE)] + ([] if fed else [(grey >= WHITE_LID, WHITE_TOLERANCE)])
    found = []
    for these, tolerance in kinds:
        if these.mean() >= LEAST_LID:
            colour = np.median(ring[these], axis=0).astype(np.int16)
            if colour.max() - colour.min() <= LID_COLOUR:
                found.append((colour, tolerance))
    return found


def _like(small: Image, lid: NDArray[np.int16], tolerance: int) -> NDArray[np.bool_]:
    return np.asarray(np.abs(small.astype(np.int16) - lid).max(axis=2) <= tolerance)


# the paper


def _paper(small: Image, lid: NDArray[np.int16], tolerance: int) -> _Paper | None:
    """What lies under this lid; several papers are one."""
    calm = cv2.medianBlur(small, 3)
    _, parts = cv2.connectedComponents(_like(calm, lid, tolerance).astype(np.uint8), connectivity=4)
    edge = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    there = np.isin(parts, np.setdiff1d(edge, [0]), invert=True).astype(np.uint8)
    reach = round(2 * MM)
    # a border, or a paper at the frame's edge would be eaten from outside
    solid = cv2.copyMakeBorder(there, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    solid = np.ascontiguousarray(solid[reach:-reach, reach:-reach])
    contours, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    papers = [contour for contour in contours if cv2.contourArea(contour) >= SMALLEST * MM**2 and _is_solid(contour)]
    if not papers:
        return None
    hull = cv2.convexHull(np.concatenate(papers))
    if lid.min() >= WHITE_LID and (cv2.contourArea(hull) > PRINTED * there.size or _beyond(there, hull) > OUTSIDE):
        return None
    largest = max(papers, key=cv2.contourArea)
    return _Paper(_angle(largest, small.shape), hull.reshape(-1, 2).astype(np.float32))


def _beyond(there: Image, hull: NDArray[Any]) -> float:
    """How much of the frame is neither lid nor within `hull`; single pixels are noise."""
    outside = cv2.fillConvexPoly(there.copy(), hull, 0)
    return float(cv2.erode(outside, np.ones((2, 2), np.uint8)).mean())


def _is_solid(contour: NDArray[Any]) -> bool:
    return bool(cv2.contourArea(contour) >= SOLID * cv2.contourArea(cv2.convexHull(contour)))


def _angle(contour: NDArray[Any], shape: tuple[int, ...]) -> float:
    """By how many degrees, at most 45, a paper is turned clockwise; the frame's own edges say nothing."""
    hull = cv2.convexHull(contour)
    corners = cv2.approxPolyDP(hull, 1.5, True).reshape(-1, 2).astype(np.float64)
    points = contour.reshape(-1, 2).astype(np.float64)
    sides: list[tuple[float, float]] = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = float(np.linalg.norm(end - start))
        if length < 8 * MM or _on_edge(start, end, shape):
            continue
        along = (end - start) / length
        way, off = (points - start) @ along, np.abs((points - start) @ np.array([-along[1], along[0]]))
        near = points[(way > 0.15 * length) & (way < 0.85 * length) & (off < 1.2 * MM)]
        if len(near) >= 8:
            x, y, *_ = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
            sides.append((float((np.degrees(np.arctan2(y, x)) + 45) % 90 - 45), length))
    if not sides:
        return 0.0
    longest = max(sides, key=lambda side: side[1])[0]
    agreeing = [(_apart(angle, longest), length) for angle, length in sides if abs(_apart(angle, longest)) < 3]
    return longest + sum(by * length for by, length in agreeing) / sum(length for _, length in agreeing)


def _apart(angle: float, other: float) -> float:
    return (angle - other + 45) % 90 - 45


def _on_edge(start: NDArray[np.float64], end: NDArray[np.float64], shape: tuple[int, ...]) -> bool:
    low = (start < 3) & (end < 3)
    far = np.array([shape[1], shape[0]]) - 4
    return bool(low.any() or ((start > far) & (end > far)).any())


def _cut_off(paper: _Paper, small: Image) -> bool:
    """Whether a paper that lies askew runs over the glass's edge. One that lies along the edge cannot be told from one
    that ends there."""
    height, width = small.shape[:2]
    turn = np.radians(paper.angle)
    inside = cv2.fillConvexPoly(np.zeros((height, width), np.uint8), paper.outline.astype(np.int32), 1)
    longest = max(_size(paper))
    edges = (inside[:2].max(axis=0), inside[-2:].max(axis=0), inside[:, :2].max(axis=1), inside[:, -2:].max(axis=1))
    return any(edge.sum() * abs(np.sin(turn) * np.cos(turn)) > LOST * longest for edge in edges)


def _size(paper: _Paper) -> tuple[float, float]:
    low, high = _box(paper, 1.0)
    return float(high[0] - low[0]), float(high[1] - low[1])


def _box(paper: _Paper, scale: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The paper's sides in the picture turned upright about its origin, in pixels `1 / scale` times as many."""
    upright = ((paper.outline + 0.5) / scale - 0.5) @ _turn(paper.angle)[:, :2].T
    return upright.min(axis=0), upright.max(axis=0)


def _turn(angle: float) -> NDArray[np.float64]:
    return np.asarray(cv2.getRotationMatrix2D((0.0, 0.0), angle, 1.0), np.float64)


def _cut(image: Image, paper: _Paper, scale: float) -> Image:
    low, high = _box(paper, scale)
    rim = RIM * MM / scale
    low, high = low + rim, high - rim
    move = _turn(paper.angle)
    move[:, 2] = -low
    return _warped(image, move, (round(high[0] - low[0]), round(high[1] - low[1])))


# the whole frame


def _turned(image: Image, angle: float) -> Image:
    """The frame turned upright by `angle` degrees about its middle."""
    if not angle:
        return image
    height, width = image.shape[:2]
    return _warped(image, cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), (width, height))


def _warped(image: Image, move: NDArray[Any], size: tuple[int, int]) -> Image:
    white = (255, 255, 255)
    return np.asarray(cv2.warpAffine(image, move, size, flags=cv2.INTER_CUBIC, borderValue=white))
