from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from fleet.sample_city.papers import corners_seen
from kiosk.documents.page_detection import clockwise, find_page, straighten
from tests.kiosk.documents.photographs import PAGE, empty_desk, photo

#: A corner may be this far off: 0.2% of the picture's width, a third of a millimetre on A4.
TOLERANCE = 4.0

VIEWS = [(0, 0, 330), (16, 5, 350), (28, -8, 380), (5, 28, 420), (38, 12, 420), (12, -20, 480), (10, 88, 300)]


@pytest.mark.parametrize(("tilt", "turn", "distance"), VIEWS)
def test_corners_are_found_from_every_angle(tilt: float, turn: float, distance: float) -> None:
    true = corners_seen(tilt, turn, distance)
    found = find_page(photo(tilt, turn, distance))
    assert found is not None
    assert np.abs(found - clockwise(true)).max() < TOLERANCE


@pytest.mark.parametrize(("tilt", "turn", "distance"), VIEWS)
def test_a_straightened_page_has_the_papers_own_shape(tilt: float, turn: float, distance: float) -> None:
    picture = photo(tilt, turn, distance)
    page = straighten(picture, find_page(picture))
    long_side, short_side = max(page.shape[:2]), min(page.shape[:2])
    assert long_side / short_side == pytest.approx(math.sqrt(2), rel=0.01)


def test_a_straightened_page_shows_what_was_on_the_paper() -> None:
    picture = photo(tilt=28, turn=-8, distance=380)
    page = straighten(picture, find_page(picture))
    drawn = cv2.resize(PAGE, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_AREA)
    alike = np.corrcoef(page[..., 1].ravel(), drawn[..., 1].ravel())
    assert alike[0, 1] > 0.8


def test_a_light_desk_does_not_hide_the_page() -> None:
    picture = photo().astype(np.float32)
    lifted = np.clip(picture + 0.6 * (215 - picture), 0, 255).astype(np.uint8)
    found = find_page(lifted)
    assert found is not None
    assert np.abs(found - corners_seen(10, 4, 350)).max() < TOLERANCE


def test_an_eight_megapixel_camera_finds_the_same_page() -> None:
    picture = cv2.resize(photo(), (3264, 2448), interpolation=cv2.INTER_CUBIC)
    found = find_page(np.asarray(picture, np.uint8))
    assert found is not None
    assert np.abs(found - corners_seen(10, 4, 350) * 3264 / 2048).max() < TOLERANCE * 2


@pytest.mark.parametrize("picture", [
    empty_desk(),
    np.full((720, 1280, 3), 128, np.uint8),
    np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8),
    np.zeros((720, 1280, 3), np.uint8),
], ids=["empty desk", "plain grey", "noise", "black"])
def test_no_page_where_there_is_none(picture: np.ndarray) -> None:
    assert find_page(picture) is None
