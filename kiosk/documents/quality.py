"""Whether a page in a picture can be read: whole, lit, uncovered, without a shining spot, written on, sharp."""

from __future__ import annotations

import math

import cv2
import numpy as np

from kiosk.documents.page_detection import edge_corners, straighten
from kiosk.documents.pictures import Corners, Image
from kiosk.documents.scan_results import EVERYWHERE, Fault, Place, Quality

#: The page is judged at this many pixels along its longer side, if it has so many: limits hold for every camera.
JUDGED_SIDE = 1400
#: Sharpness (`sharpness`) below which small print is lost. Measured on benchmarks.photographed_pages: sharp pages
#: from 0.29, blurred ones up to 0.09.
SHARP_ENOUGH = 0.15
#: Grey level of the paper below which the page is too dark to be cleaned without noise.
DARK_BELOW = 70.0
#: A shining spot: pixels at full white, at least this part of the page in one piece …
GLARE_PART = 0.004
#: … on a paper which elsewhere is at least this many grey levels darker.
GLARE_STEP = 18
_WHITE = 252
#: Print is so many times darker than the paper round it, at least (a part of the paper's brightness).
INK_STEP = 0.10
#: A page with a smaller part of it in ink is empty: three lines on A4 are 0.002.
EMPTY_BELOW = 0.0003
#: A finger reaches so far into the page, in parts of its shorter side, and covers so much of it …
FINGER_REACH, FINGER_PART = 0.03, (0.001, 0.25)
#: … in the colours of skin, any skin's: CIELAB hue in degrees and chroma, of the page's own light.
SKIN_HUE, SKIN_CHROMA = (25.0, 85.0), (10.0, 52.0)


def judge(image: Image, corners: Corners, page: Image | None = None) -> Quality:
    """The quality of the page at `corners` of `image`; `page` is the straightened page where it is at hand."""
    flat = straighten(image, corners) if page is None else page
    scale = min(1.0, JUDGED_SIDE / max(flat.shape[:2]))
    flat = cv2.resize(flat, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    margin = max(flat.shape[:2]) // 50
    inner = flat[margin:-margin, margin:-margin]
    grey = cv2.cvtColor(inner, cv2.COLOR_BGR2GRAY)
    where = _Placer(image, corners, flat.shape, margin)
    whole = where.rectangle(0, 0, inner.shape[1], inner.shape[0])
    faults = [Fault("cut-off", place) for place in _cut_off(image, corners)]
    if float(np.percentile(grey, 80)) < DARK_BELOW:
        faults.append(Fault("dark", whole))
    if (box := _finger(inner)) is not None:
        faults.append(Fault("finger", where.rectangle(*box)))
    if (box := _shining(inner, grey)) is not None:
        faults.append(Fault("glare", where.rectangle(*box)))
    code, sharp = _print(grey)
    if code:
        faults.append(Fault(code, whole))
    return Quality(round(sharp, 3), tuple(faults))


def judge_print(page: Image) -> Quality:
    """The quality of a page that was lit and held by a scanner: nothing but its print is in doubt."""
    scale = min(1.0, JUDGED_SIDE / max(page.shape[:2]))
    flat = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    margin = max(flat.shape[:2]) // 50
    code, sharp = _print(cv2.cvtColor(flat[margin:-margin, margin:-margin], cv2.COLOR_BGR2GRAY))
    return Quality(round(sharp, 3), (Fault(code, EVERYWHERE),) if code else ())


def _print(grey: Image) -> tuple[str, float]:
    """What is wrong with the print ("empty", "blurred" or ""), and how sharp it is."""
    ink = _ink(grey)
    sharp = sharpness(grey, ink)
    if float((ink > INK_STEP).mean()) < EMPTY_BELOW:
        return "empty", sharp
    return "blurred" if sharp < SHARP_ENOUGH else "", sharp


def sharpness(grey: Image, ink: Image) -> float:
    """How steep the edges of print are: the step from one pixel to the next, as part of the ink's depth.

    Of four directions the least steep counts: what moved is blurred along its way alone. It is taken where ink is
    deepest, so that neither little print nor pale print passes for blur, nor sensor noise for sharpness. A perfect
    edge has 0.4. 0 where there is no ink.
    """
    depth = cv2.dilate(ink, np.ones((9, 9), np.uint8))
    paper = cv2.dilate(cv2.GaussianBlur(grey, (3, 3), 0), np.ones((25, 25), np.uint8)).astype(np.float32)
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *axes, ksize=3, scale=1 / 8) for axes in ((1, 0), (0, 1)))
    edges = ink > max(INK_STEP, float(np.quantile(ink, 0.995)) * 0.6)
    if not edges.any():
        return 0.0
    near = cv2.dilate(edges.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    deep = np.maximum(paper[near], 16) * np.maximum(depth[near], INK_STEP)
    across, down = across[near] / deep, down[near] / deep
    steps = (across, down, (across + down) * math.sqrt(0.5), (across - down) * math.sqrt(0.5))
    return min(float(np.percentile(np.abs(step), 95)) for step in steps)


def _ink(grey: Image) -> Image:
    """How much darker than the paper round it every pixel is, as part of the paper's brightness."""
    smooth = cv2.GaussianBlur(grey, (5, 5), 0)
    paper = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((31, 31), np.uint8)).astype(np.float32)
    return np.asarray((paper - smooth) / np.maximum(paper, 16), np.float32)


def _cut_off(image: Image, corners: Corners) -> list[Place]:
    """A small rectangle at every corner that lies on the picture's edge."""
    height, width = image.shape[:2]
    reach = 0.06
    return [
        Place(
            max(0.0, float(x) / width - reach),
            max(0.0, float(y) / height - reach),
            min(1.0, float(x) / width + reach),
            min(1.0, float(y) / height + reach),
        )
        for x, y in edge_corners(corners, width, height)
    ]


def _finger(page: Image) -> tuple[int, int, int, int] | None:
    """The box of something skin-coloured that comes in over the page's edge."""
    small = cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 2).astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    a, b = lab[..., 1], lab[..., 2]
    # The lamp's own colour is the paper's.
    lit = lab[..., 0] > np.percentile(lab[..., 0], 60)
    a, b = a - float(np.median(a[lit])), b - float(np.median(b[lit]))
    hue, chroma = np.degrees(np.arctan2(b, a)), np.hypot(a, b)
    skin = ((hue > SKIN_HUE[0]) & (hue < SKIN_HUE[1]) & (chroma > SKIN_CHROMA[0]) & (chroma < SKIN_CHROMA[1])).astype(
        np.uint8
    )
    skin = cv2.morphologyEx(skin, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    height, width = skin.shape
    reach = FINGER_REACH * min(height, width)
    count, _, stats, _ = cv2.connectedComponentsWithStats(skin)
    for left, top, wide, high, area in stats[1:count]:
        right, bottom = left + wide, top + high
        beside = [(left == 0, wide), (top == 0, high), (right == width, wide), (bottom == height, high)]
        deep = any(touches and depth > reach for touches, depth in beside)
        if deep and FINGER_PART[0] < area / skin.size < FINGER_PART[1] and max(wide / width, high / height) < 0.8:
            return int(left) * 2, int(top) * 2, int(right) * 2, int(bottom) * 2
    return None


def _shining(page: Image, grey: Image) -> tuple[int, int, int, int] | None:
    """The box of the largest spot at full white on a paper that is not."""
    if float(np.median(grey)) > 255 - GLARE_STEP:
        return None
    white = cv2.inRange(page, (_WHITE,) * 3, (255,) * 3)
    white = cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(white)
    spots = stats[1:]
    if not len(spots):
        return None
    left, top, wide, high, area = spots[spots[:, cv2.CC_STAT_AREA].argmax()]
    return (int(left), int(top), int(left + wide), int(top + high)) if area >= GLARE_PART * white.size else None


class _Placer:
    """From boxes on the straightened page back to places in the picture."""

    def __init__(self, image: Image, corners: Corners, shape: tuple[int, ...], margin: int) -> None:
        self._size = np.array([image.shape[1], image.shape[0]], np.float32)
        self._margin = margin
        flat = np.array([(0, 0), (shape[1], 0), (shape[1], shape[0]), (0, shape[0])], np.float32)
        self._view = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))

    def rectangle(self, left: int, top: int, right: int, bottom: int) -> Place:
        box = np.array([[(left, top), (right, top), (right, bottom), (left, bottom)]], np.float32) + self._margin
        seen = cv2.perspectiveTransform(box, self._view)[0] / self._size
        low, high = seen.min(axis=0).clip(0, 1), seen.max(axis=0).clip(0, 1)
        return Place(*(round(float(part), 4) for part in (*low, *high)))


#: The whole picture is dark and nothing can be found in it.
ALL_DARK = Fault("dark", EVERYWHERE)
