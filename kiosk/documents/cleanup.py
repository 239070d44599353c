"""Cleaning a photographed page: uneven light is taken out, colours and photographs stay, or go as the mode says."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.documents.pictures import Image
from kiosk.documents.scan_results import ColourMode

#: The brightness the paper gets. A little under white keeps light print and stamps.
PAPER_WHITE = 246.0
#: Distance from grey (CIELAB) above which the page is a coloured cover, which must not turn into white paper.
COVER_COLOUR = 25.0
#: Tiles along the longer side, each with one sample of the paper's brightness.
TILES = 48
#: A tile this much darker than the fitted light shows print, a photograph or a stamp, not the paper.
NOT_PAPER = 0.10
#: Black and white: ink is so many grey levels darker than the page round it, or darker than this anywhere.
INK_BELOW_PAPER, INK_ANYWHERE = 22, 90


def clean(page: Image, mode: ColourMode) -> Image:
    """`page` (BGR) evenly lit with its paper at `PAPER_WHITE`, as the mode says."""
    return in_mode(even_light(page), mode)


def in_mode(page: Image, mode: ColourMode) -> Image:
    """`page` (BGR, evenly lit) as BGR, grey, or grey of 0 and 255 alone.

    Grey and black and white look through the darkest channel of every pixel, so that a red seal stays on the page.
    """
    if mode is ColourMode.COLOUR:
        return page
    blue, green, red = cv2.split(page)
    darkest = cv2.min(cv2.min(blue, green), red)
    grey = cv2.addWeighted(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), 0.5, darkest, 0.5, 0)
    if mode is ColourMode.GREY:
        return np.asarray(grey)
    block = max(page.shape[:2]) // 40 * 2 + 1
    around = cv2.blur(grey, (block, block))
    ink = (grey.astype(np.int16) < around.astype(np.int16) - INK_BELOW_PAPER) | (grey < INK_ANYWHERE)
    return np.where(ink, 0, 255).astype(np.uint8)


def even_light(page: Image) -> Image:
    """`page` (BGR) as if lit evenly.

    The light is a smooth surface (a polynomial of the fourth degree) through the brightest part of each tile;
    tiles well under it are left out and the fit repeated. So a photograph on the page is not taken for shadow,
    and all three channels are scaled alike, which keeps the colour of seals.
    """
    height, width = page.shape[:2]
    tile = max(max(height, width) // TILES, 1)
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    rows, columns = height // tile, width // tile
    tiles = grey[: rows * tile, : columns * tile].reshape(rows, tile, columns, tile).swapaxes(1, 2)
    samples = np.percentile(tiles.reshape(rows, columns, -1), 85, axis=2).ravel()
    down, across = (axis.ravel() for axis in np.mgrid[0:rows, 0:columns])
    terms = _terms((across + 0.5) * tile / width, (down + 0.5) * tile / height)
    kept = np.ones(samples.size, bool)
    weights = np.zeros(terms.shape[1])
    for _ in range(4):
        weights = np.linalg.lstsq(terms[kept], samples[kept], rcond=None)[0]
        kept = samples > (terms @ weights) * (1 - NOT_PAPER)
        if kept.sum() < terms.shape[1] * 3:
            return page
    coarse_height, coarse_width = max(height // 8, 2), max(width // 8, 2)
    y, x = np.mgrid[0:coarse_height, 0:coarse_width]
    light = _terms((x.ravel() + 0.5) / coarse_width, (y.ravel() + 0.5) / coarse_height) @ weights
    light = np.maximum(light.reshape(coarse_height, coarse_width), 16).astype(np.float32)
    target = float(light.mean()) if _is_cover(page) else PAPER_WHITE
    gain = cv2.resize(target / light, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.multiply(page, cv2.merge([gain] * 3), dtype=cv2.CV_8U)


def _is_cover(page: Image) -> bool:
    lab = cv2.cvtColor(cv2.resize(page, (64, 64), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2LAB).astype(np.float32)
    return float(np.median(np.hypot(lab[..., 1] - 128, lab[..., 2] - 128))) > COVER_COLOUR


def _terms(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = x * 2 - 1, y * 2 - 1
    return np.stack([x**i * y**j for i in range(5) for j in range(5 - i)], axis=1)
