"""Pictures made of a picture, in which a code is easier to find."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

# Pixels: in a picture of this size every look takes but a few milliseconds.
_SMALL = 200_000
_CELL = 16
# Grey levels from one pixel to the next in the calmest quarter: a code, or a texture, fills the picture.
_BUSY_EVERYWHERE = 8.0


def as_is(grey: Picture) -> Picture:
    """The picture."""
    return grey


def resized(grey: Picture, factor: float) -> Picture:
    """Smaller or larger by a factor."""
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def sharpened(grey: Picture, reach: int, strength: float) -> Picture:
    """Unsharp mask; `reach` in pixels. Two boxes are nearly a Gauss curve, at a quarter of its time."""
    soft = cv2.boxFilter(cv2.boxFilter(grey, -1, (reach, reach)), -1, (reach, reach))
    return np.asarray(cv2.addWeighted(grey, 1 + strength, soft, -strength, 0), np.uint8)


def half_sharpened(grey: Picture) -> Picture:
    """Half as large: noise and the grid of a screen are gone, and the edges are brought back."""
    return sharpened(resized(grey, 0.5), 5, 2)


def third_sharpened(grey: Picture) -> Picture:
    """A third as large, sharpened: for barcodes, whose bars are long."""
    return sharpened(resized(grey, 1 / 3), 3, 2)


def larger_sharpened(grey: Picture) -> Picture:
    """Half as large again, sharpened: for codes with few pixels a module."""
    return sharpened(resized(grey, 1.5), 7, 2)


def half_refocused(grey: Picture) -> Picture:
    """Van Cittert's deconvolution for a lens that is out of focus by 3 pixels of the whole picture."""
    seen = np.asarray(resized(grey, 0.5), np.float32)
    guess = seen.copy()
    for _ in range(10):
        soft = cv2.GaussianBlur(guess, (7, 7), 1.5)
        guess += seen
        guess -= soft
        np.clip(guess, 0, 255, out=guess)
    return guess.astype(np.uint8)


def thresholded(grey: Picture) -> Picture:
    """Black and white by what is around each pixel."""
    soft = cv2.boxFilter(cv2.boxFilter(grey, -1, (3, 3)), -1, (3, 3))
    return np.asarray(cv2.adaptiveThreshold(soft, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 31, 3), np.uint8)


def busy_part(grey: Picture) -> Picture | None:
    """The part of a picture where light and dark change often, as in a code; None where nothing does.

    Takes a quarter off the time of the looks behind it, on an empty desk nearly all, and costs one code of 85. Cells of
    16 pixels are busy when their mean change is above that of the calm quarter of all cells, the noise of the sensor.
    """
    if grey.size < _SMALL:
        return grey
    half = resized(grey, 0.5)
    across, down = cv2.absdiff(half[:-1, 1:], half[:-1, :-1]), cv2.absdiff(half[1:, :-1], half[:-1, :-1])
    cells = (max(1, grey.shape[1] // _CELL), max(1, grey.shape[0] // _CELL))
    change = cv2.resize(cv2.max(across, down).astype(np.float32), cells, interpolation=cv2.INTER_AREA)
    calm = float(np.percentile(change, 25))
    if calm > _BUSY_EVERYWHERE:
        return grey
    busy = cv2.morphologyEx((change > 1.3 * calm + 0.7).astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    _, _, areas, _ = cv2.connectedComponentsWithStats(cv2.dilate(busy, np.ones((3, 3), np.uint8)))
    areas = areas[1:][areas[1:, cv2.CC_STAT_AREA] >= 9]
    if not len(areas):
        return None
    # three cells more on each side: the quiet zone, and what glare has washed out
    left, top = ((areas[:, side].min() - 3) * _CELL for side in (0, 1))
    right, bottom = (((areas[:, side] + areas[:, side + 2]).max() + 4) * _CELL for side in (0, 1))
    return np.ascontiguousarray(grey[max(0, top) : bottom, max(0, left) : right])


def to_grey(image: Picture) -> Picture:
    """Grey of a picture that is grey, BGR or BGR and transparency; what is transparent is white, as paper is."""
    if image.ndim == 2:
        return image
    if image.shape[2] == 4:
        opaque = image[:, :, 3:].astype(np.uint16)
        image = ((image[:, :, :3] * opaque + 255 * (255 - opaque)) // 255).astype(np.uint8)
    if image.shape[2] == 1:
        return np.ascontiguousarray(image[:, :, 0])
    return np.asarray(cv2.cvtColor(image[:, :, :3], cv2.COLOR_BGR2GRAY), np.uint8)
