"""Pages as a document camera sees them, for the tests of this folder. Drawn here, not loaded: no one's papers."""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from fleet.sample_city.papers import corners_seen, draw_employment_card, photograph

Image = NDArray[np.uint8]

PAGE = draw_employment_card()


@functools.cache
def photo(tilt: float = 10, turn: float = 4, distance: float = 350, aside: tuple[float, float] = (0, 0)) -> Image:
    """The sample page on its desk, 2048x1536. Made once: do not draw on it."""
    return photograph(PAGE, corners_seen(tilt, turn, distance, aside))


def moving(picture: Image) -> Image:
    """`picture` out of focus by five pixels."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 5), np.uint8)


def empty_desk() -> Image:
    """The same desk with the page far outside the picture."""
    return photograph(PAGE, corners_seen(0, 0, 350, aside=(2000, 2000)))
