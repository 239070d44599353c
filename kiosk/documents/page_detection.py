"""Finding a sheet of paper in a camera picture and laying it straight.

The search runs at 640 pixels and looks at the picture in several ways (light and colourless as paper, light,
colourful, dark). In each, masks and closed edges propose quadrilaterals, every side is moved onto the steepest
step near it, and the quadrilateral whose sides really stand on such a step wins.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.documents.pictures import Corners, Image

#: Longest side of the picture the search looks at.
SEARCH_SIZE = 640
#: A score (see `_score`) that needs no second look: a whole page, all but its last hundredth on clear steps.
SURE = 0.9 * math.sqrt(0.15)
#: Longest side of the picture the corners are finally placed in.
REFINE_SIZE = 1280
#: A page smaller than this part of the picture is too far away to be read.
SMALLEST_PAGE = 0.08
#: Corners this near to the picture's edge (in search pixels) lie on it.
EDGE = 4.0
#: Brightness step from page to desk, in grey levels, below which a side is imagined.
FAINTEST_STEP = 9.0
#: How far a side may move to find its step, in search pixels.
REACH = 9
#: A side of an outline counts from this many search pixels; of the longest so many are tried as the page's.
SHORTEST_SIDE, MOST_SIDES = 20, 6
#: A4 at 200 dpi, the most a straightened page needs.
LONGEST_SIDE = 2339
_RATIO_A4 = math.sqrt(2)

#: A direction of length 1, a point on it, and how long it is.
_Side = tuple[NDArray[np.float32], NDArray[np.float32], float]


def find_page(image: Image) -> Corners | None:
    """The page's corners in pixels of `image` (4x2, clockwise from its top left), or None where there is none.

    A page that runs out of the picture is found too, its corners lying on the picture's edge.
    """
    fine = min(1.0, REFINE_SIZE / max(image.shape[:2]))
    scale = min(1.0, SEARCH_SIZE / max(image.shape[:2]))
    sharper = _shrunk(image, fine)
    small = _shrunk(sharper, scale / fine)
    best: Corners | None = None
    best_score, best_view = 0.0, VIEWS[0]
    for view in VIEWS:
        seen = view(small)
        for proposal in _proposals(seen):
            for _ in range(2):
                moved = _onto_steps(seen, proposal)
                proposal = moved if moved is not None and _plausible(moved, seen.shape) else proposal
            score = _score(seen, proposal)
            if score > best_score:
                best, best_score, best_view = proposal, score, view
        if best_score > SURE:
            break
    if best is None:
        return None
    found = _rescaled(_refined(best_view(sharper), best, fine / scale), 1 / fine)
    return clockwise(found.clip((0, 0), (image.shape[1] - 1, image.shape[0] - 1)).astype(np.float32))


def straighten(image: Image, corners: Corners) -> Image:
    """The page seen from straight above, at the paper's own aspect and at most 200 dpi of A4."""
    top_left, top_right, bottom_right, bottom_left = corners.astype(np.float64)
    width = max(math.dist(top_left, top_right), math.dist(bottom_left, bottom_right))
    height = max(math.dist(top_left, bottom_left), math.dist(top_right, bottom_right))
    ratio = _paper_ratio(corners, image.shape[1], image.shape[0])
    if width / height < ratio:
        width = height * ratio
    else:
        height = width / ratio
    shrink = min(1.0, LONGEST_SIDE / max(width, height))
    size = max(round(width * shrink), 1), max(round(height * shrink), 1)
    flat = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32) - 0.5
    view = cv2.getPerspectiveTransform(corners.astype(np.float32), flat.astype(np.float32))
    return cv2.warpPerspective(image, view, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def clockwise(corners: Corners) -> Corners:
    """The same four corners, clockwise from the one nearest the picture's top left."""
    center = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - center[1], corners[:, 0] - center[0])
    ordered = corners[np.argsort(angles)]
    return np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0)


def touches_edge(corners: Corners, width: int, height: int) -> bool:
    """Whether a corner lies on the edge of a picture of this size: part of the page is then outside it."""
    return len(edge_corners(corners, width, height)) > 0


def edge_corners(corners: Corners, width: int, height: int) -> Corners:
    """Those of the corners that lie on the edge of a picture of this size."""
    edge = EDGE * max(width, height, SEARCH_SIZE) / SEARCH_SIZE
    x, y = corners[:, 0], corners[:, 1]
    return corners[(x < edge) | (y < edge) | (x > width - 1 - edge) | (y > height - 1 - edge)]


def _shrunk(image: Image, scale: float) -> Image:
    if scale >= 1:
        return image
    # Above a half every pixel still counts in a linear mix, eight times as fast.
    method = cv2.INTER_LINEAR if scale > 0.5 else cv2.INTER_AREA
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=method)


def _paper(image: Image) -> Image:
    """Bright where it is light and colourless: paper on wood, on a green mat, in uneven light."""
    least, most = _channel_bounds(image)
    return cv2.GaussianBlur(cv2.addWeighted(least, 1.5, most, -0.5, 0), (5, 5), 0)


def _light(image: Image) -> Image:
    """Bright where it is light: any paper on a darker desk."""
    return cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (5, 5), 0)


def _coloured(image: Image) -> Image:
    """Bright where it is colourful: the red or brown cover of a booklet on a grey desk."""
    least, most = _channel_bounds(image)
    return cv2.GaussianBlur(cv2.addWeighted(most, 1.5, least, -1.5, 0), (5, 5), 0)


def _channel_bounds(image: Image) -> tuple[Image, Image]:
    blue, green, red = cv2.split(image)
    return cv2.min(cv2.min(blue, green), red), cv2.max(cv2.max(blue, green), red)


def _dark(image: Image) -> Image:
    """Bright where it is dark: a dark cover on a light desk."""
    return 255 - _light(image)


#: The ways to look at a picture in which a page is the bright part, tried until one shows it clearly.
VIEWS = (_paper, _light, _coloured, _dark)


def _refined(seen: Image, corners: Corners, factor: float) -> Corners:
    """Corners found in a picture, moved onto the steps of one `factor` times as large."""
    larger = _rescaled(corners, factor)
    moved = _onto_steps(seen, larger) if factor > 1 else None
    return moved if moved is not None and _plausible(moved, seen.shape) else larger


def _rescaled(corners: Corners, factor: float) -> Corners:
    """Pixel centres in a picture `factor` times as large: the centre of pixel 0 lies at half a pixel."""
    return np.asarray((corners + 0.5) * factor - 0.5, np.float32)


def _proposals(seen: Image) -> Iterator[Corners]:
    threshold, bright = cv2.threshold(seen, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield from _quadrilaterals(bright)
    # A desk nearly as light as the page, or ink that pulls Otsu down: look nearer to the paper's own white.
    white = float(np.percentile(seen, 95))
    yield from _quadrilaterals(cv2.threshold(seen, (threshold + white) / 2, 255, cv2.THRESH_BINARY)[1])
    for low, high in ((20, 60), (50, 140)):
        edges = cv2.Canny(seen, low, high)
        yield from _quadrilaterals(cv2.dilate(edges, np.ones((5, 5), np.uint8)), filled=True)


def _quadrilaterals(mask: Image, filled: bool = False) -> Iterator[Corners]:
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    if not filled:
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
        yield from _from_sides(contour, mask.shape)
        hull = cv2.convexHull(contour)
        length = cv2.arcLength(hull, True)
        for tolerance in (0.02, 0.04, 0.07):
            shape = cv2.approxPolyDP(hull, tolerance * length, True)
            if len(shape) == 4:
                corners = clockwise(shape.reshape(4, 2).astype(np.float32))
                if _plausible(corners, mask.shape):
                    yield corners
                break


def _from_sides(contour: NDArray[Any], shape: tuple[int, ...]) -> Iterator[Corners]:
    """The quadrilateral of the four straight sides that make up most of an outline.

    So things that touch the page, fingers over it, and a corner outside the picture do not hide it: a corner is
    where two sides cross, be it outside.
    """
    outline = cv2.approxPolyDP(contour, 0.006 * cv2.arcLength(contour, True), True).reshape(-1, 2).astype(np.float32)
    sides = sorted(_straight_sides(outline, shape), key=lambda side: -side[2])[:MOST_SIDES]
    best: Corners | None = None
    best_part = 0.5
    for four in itertools.combinations(sides, 4):
        ordered = sorted(four, key=lambda side: math.atan2(side[0][1], side[0][0]))
        lines = [np.array([*along, *point]) for along, point, _ in ordered]
        crossings = [_crossing(lines[index - 1], lines[index]) for index in range(4)]
        if any(point is None for point in crossings):
            continue
        corners = np.array(crossings, np.float32)
        if _far_outside(corners, shape) or not _plausible(corners, shape):
            continue
        part = sum(length for *_, length in four) / cv2.arcLength(corners, True)
        if part > best_part:
            best, best_part = corners, part
    if best is not None:
        yield clockwise(best)


def _straight_sides(outline: Corners, shape: tuple[int, ...]) -> list[_Side]:
    """The longer sides of an outline, those on one line made one; not the picture's own edge."""
    merged: list[_Side] = []
    limits = np.array([shape[1] - 1 - EDGE, shape[0] - 1 - EDGE])
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        length = float(np.linalg.norm(end - start))
        on_edge = ((start < EDGE) & (end < EDGE)) | ((start > limits) & (end > limits))
        if length < SHORTEST_SIDE or on_edge.any():
            continue
        along = (end - start) / length
        for index, (other, point, before) in enumerate(merged):
            across = (start + end) / 2 - point
            if float(along @ other) > 0.998 and abs(float(across[0] * other[1] - across[1] * other[0])) < 4:
                longer = (along, start) if length > before else (other, point)
                merged[index] = (*longer, before + length)
                break
        else:
            merged.append((along, start, length))
    return merged


def _far_outside(corners: Corners, shape: tuple[int, ...]) -> bool:
    """Whether a corner is further outside the picture than a third of it."""
    size = np.array([shape[1], shape[0]])
    return bool((corners < -size / 3).any() or (corners > size * 4 / 3).any())


def _plausible(corners: Corners, shape: tuple[int, ...]) -> bool:
    """Convex, large enough, no corner sharper than 45 or flatter than 135 degrees, no side four times another."""
    area = cv2.contourArea(corners)
    if area < SMALLEST_PAGE * shape[0] * shape[1] or not cv2.isContourConvex(corners):
        return False
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.linalg.norm(sides, axis=1)
    if lengths.min() * 4 < lengths.max():
        return False
    turns = sides / lengths[:, None]
    cosines = np.abs((turns * np.roll(turns, -1, axis=0)).sum(axis=1))
    return bool(cosines.max() < math.cos(math.radians(45)))


def _side_profiles(grey: Image, start: Corners, end: Corners) -> tuple[Corners, Corners, NDArray[np.float32]]:
    """Points along a side, its outward normal, and the brightness across it at every point, inside first."""
    length = float(np.linalg.norm(end - start))
    along = (end - start) / length
    outward = np.array([along[1], -along[0]], np.float32)
    share = np.linspace(0.06, 0.94, max(int(length / 3), 8), dtype=np.float32)
    points = start + share[:, None] * (end - start)
    offsets = np.arange(-REACH - 1, REACH + 2, dtype=np.float32)
    places = points[:, None] + offsets[None, :, None] * outward
    profile = cv2.remap(
        grey,
        places[..., 0].astype(np.float32),
        places[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return points, outward, profile.astype(np.float32)


def _inside(points: Corners, width: int, height: int) -> NDArray[np.bool_]:
    """Which of the points lie in the picture and not on its edge."""
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x >= EDGE) & (y >= EDGE) & (x <= width - 1 - EDGE) & (y <= height - 1 - EDGE))


def _onto_steps(grey: Image, corners: Corners) -> Corners | None:
    """The quadrilateral with each side moved onto the steepest fall of brightness near it."""
    height, width = grey.shape
    lines = []
    for index in range(4):
        start, end = corners[index], corners[(index + 1) % 4]
        on_edge = touches_edge(np.stack([(start + end) / 2]), width, height)
        points, outward, profile = _side_profiles(grey, start, end)
        fall = profile[:, :-2] - profile[:, 2:]
        best = fall.argmax(axis=1)
        steep = fall[np.arange(len(best)), best]
        clear = (steep >= FAINTEST_STEP) & _inside(points, width, height)
        if on_edge or clear.sum() < max(6, len(best) // 4):
            lines.append(np.array([*(end - start) / np.linalg.norm(end - start), *start]))
            continue
        found = points[clear] + (best[clear] - REACH)[:, None] * outward
        fitted = cv2.fitLine(found.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append(fitted)
    moved = [_crossing(lines[index - 1], lines[index]) for index in range(4)]
    if any(point is None for point in moved):
        return None
    stacked = np.array(moved, np.float32)
    return None if _far_outside(stacked, grey.shape) else stacked


def _crossing(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64] | None:
    (ax, ay, px, py), (bx, by, qx, qy) = first, second
    determinant = ax * by - ay * bx
    if abs(determinant) < 1e-3:
        return None
    along = ((qx - px) * by - (qy - py) * bx) / determinant
    return np.array([px + along * ax, py + along * ay])


def _score(grey: Image, corners: Corners) -> float:
    """How much of the outline stands on a fall of brightness, times a little of its area; 0 where too little does.

    Two sides at least must be seen. A page that runs out of the picture counts less: the whole picture is one too.
    """
    height, width = grey.shape
    supports = []
    for index in range(4):
        start, end = corners[index], corners[(index + 1) % 4]
        if touches_edge(np.stack([(start + end) / 2]), width, height):
            continue
        points, _, profile = _side_profiles(grey, start, end)
        seen = _inside(points, width, height)
        if seen.mean() < 0.25:
            continue
        middle = REACH + 1
        step = profile[:, middle - 4 : middle - 1].mean(axis=1) - profile[:, middle + 2 : middle + 5].mean(axis=1)
        supports.append(float((step >= FAINTEST_STEP)[seen].mean()))
    if len(supports) < 2 or min(supports) < 0.5:
        return 0.0
    area = cv2.contourArea(corners.clip((0, 0), (width - 1, height - 1)).astype(np.float32)) / (width * height)
    whole = (0.5, 0.7, 1.0)[len(supports) - 2]
    return float(np.mean(supports)) ** 4 * math.sqrt(area) * whole


def _paper_ratio(corners: Corners, width: int, height: int) -> float:
    """Width over height of the paper itself, undoing the perspective; A4 where it is within 5% of it.

    Z. Zhang and L.-W. He, "Whiteboard scanning and image enhancement", 2007, equations 11-14 and 20; the optical
    axis is taken to pass the picture's middle. Seen from straight above the side lengths answer better.
    """
    middle = np.array([width / 2, height / 2])
    top_left, top_right, bottom_right, bottom_left = (
        np.array([*(corner - middle), 1.0]) for corner in corners.astype(np.float64)
    )
    wide = (np.linalg.norm(top_right - top_left) + np.linalg.norm(bottom_right - bottom_left)) / 2
    high = (np.linalg.norm(bottom_left - top_left) + np.linalg.norm(bottom_right - top_right)) / 2
    ratio = float(wide / high)
    k2 = np.dot(np.cross(top_left, bottom_right), bottom_left) / np.dot(np.cross(top_right, bottom_right), bottom_left)
    k3 = np.dot(np.cross(top_left, bottom_right), top_right) / np.dot(np.cross(bottom_left, bottom_right), top_right)
    n2, n3 = k2 * top_right - top_left, k3 * bottom_left - top_left
    if abs(n2[2]) > 0.02 and abs(n3[2]) > 0.02:
        focal = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
        if focal > (0.3 * max(width, height)) ** 2:
            lens = np.diag([1 / focal, 1 / focal, 1.0])
            ratio = math.sqrt((n2 @ lens @ n2) / (n3 @ lens @ n3))
    for known in (1 / _RATIO_A4, _RATIO_A4):
        if abs(ratio / known - 1) < 0.05:
            return known
    return ratio
