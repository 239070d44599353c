"""How far the print of a page is from level, by how clearly its lines stand apart once they are."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.documents.pictures import Image

#: Print is looked at from this angle to this (degrees); as straight as this it is left alone.
MOST_SKEW, STRAIGHT = 10.0, 0.15
#: How much clearer lines must stand apart at the best angle than at the usual one.
CLEARER = 1.3
#: Ink is so many grey levels darker than the paper round it.
INK = 40


def skew(page: Image, mm: float) -> float:
    """By how many degrees print is turned clockwise, lines or columns; 0 where that is not clear.

    `page` (BGR) has `mm` pixels a millimetre; its outermost 4 mm are not looked at.
    """
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    ink = (
        cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((round(4 * mm), round(4 * mm)), np.uint8)).astype(np.int16)
        - grey
    ) > INK
    margin = round(4 * mm)
    ink[:margin], ink[-margin:], ink[:, :margin], ink[:, -margin:] = False, False, False, False
    marks = ink.astype(np.float32)
    coarse = np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.5)
    told = np.array([_lines(marks, angle) for angle in coarse])
    usual = np.median(told, axis=0)
    clear = told.max(axis=0) / np.maximum(usual, 1.0)
    way = int(clear.argmax())
    if clear[way] < CLEARER:
        return 0.0
    best = float(coarse[told[:, way].argmax()])
    fine = best + np.arange(-0.5, 0.51, 0.1)
    found = float(fine[int(np.argmax([_lines(marks, angle)[way] for angle in fine]))])
    return found if STRAIGHT < abs(found) < MOST_SKEW else 0.0


def _lines(marks: NDArray[np.float32], angle: float) -> tuple[float, float]:
    """How clearly rows, and columns, of print stand apart once `marks` are turned upright by `angle`."""
    height, width = marks.shape
    move = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(marks, move, (width, height))
    rows, columns = (np.diff(turned.sum(axis=axis)) for axis in (1, 0))
    return float((rows**2).sum()), float((columns**2).sum())
