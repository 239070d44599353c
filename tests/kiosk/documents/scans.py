"""What a scanner at 200 dpi sees: invented papers under a lid, or fed askew."""

from __future__ import annotations

import cv2
import numpy as np

DPI = 200
A4_MM = (210.0, 297.0)
WHITE, GREY, BLACK = (250, 250, 249), (120, 121, 122), (24, 25, 27)
CARD_MM = (85.6, 54.0)
#: about 130 x 90 in the household register
HOUSEHOLD_MM = (143.0, 100.0)


def under_lid(
    *papers: tuple[np.ndarray, tuple[float, float], tuple[float, float], float],
    lid: tuple[int, int, int] = WHITE,
    shadow: int = 0,
    seed: int = 1,
) -> np.ndarray:
    """A glass of A4 with papers: picture (BGR), size and centre in mm, degrees clockwise. `shadow` grey levels along
    their edges."""
    width, height = (round(side * DPI / 25.4) for side in A4_MM)
    glass = np.full((height, width, 3), lid, np.uint8)
    for picture, size, centre, angle in papers:
        wide, high = (round(side * DPI / 25.4) for side in size)
        flat = cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA)
        move = cv2.getRotationMatrix2D((wide / 2, high / 2), -angle, 1.0)
        move[:, 2] += np.array(centre) * DPI / 25.4 - np.array([wide / 2, high / 2])
        covers = cv2.warpAffine(np.full((high, wide), 255, np.uint8), move, (width, height), flags=cv2.INTER_LINEAR)
        if shadow:
            rim = cv2.GaussianBlur(cv2.dilate(covers, np.ones((5, 5), np.uint8)), (0, 0), 2).astype(np.float32) / 255
            glass = (glass - shadow * rim[..., None]).clip(0, 255).astype(np.uint8)
        laid = cv2.warpAffine(flat, move, (width, height), flags=cv2.INTER_AREA)
        part = covers[..., None].astype(np.float32) / 255
        glass = (laid * part + glass * (1 - part)).astype(np.uint8)
    return as_scanned(glass, seed)


def fed(picture: np.ndarray, angle: float, background: tuple[int, int, int] = WHITE, seed: int = 1) -> np.ndarray:
    """A sheet of A4 that came through the feeder turned clockwise by `angle` degrees."""
    return under_lid((picture, A4_MM, (A4_MM[0] / 2, A4_MM[1] / 2), angle), lid=background, seed=seed)


def as_scanned(picture: np.ndarray, seed: int = 1) -> np.ndarray:
    """With the softness, the noise and the JPEG of a scanner."""
    noise = np.random.default_rng(seed).normal(0, 2.0, picture.shape)
    soft = cv2.GaussianBlur(picture, (0, 0), 0.6)
    noisy = (soft + noise).clip(0, 255).astype(np.uint8)
    return cv2.imdecode(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 90])[1], cv2.IMREAD_COLOR)


def jpeg(picture: np.ndarray) -> bytes:
    """As the driver hands it over."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1])
