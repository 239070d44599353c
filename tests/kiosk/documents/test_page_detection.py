from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from fleet.sample_city.papers import corners_seen, photograph
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


def on_desk(desk: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """`picture` with its desk painted anew; the page stays."""
    page = cv2.fillPoly(np.zeros(picture.shape[:2], np.uint8), [TRUE.astype(int)], 1)[..., None]
    grain = np.random.default_rng(0).normal(0, 2, picture.shape)
    return np.where(page == 1, picture, np.clip(desk + grain, 0, 255)).astype(np.uint8)


def wood(colour: tuple[int, int, int], depth: int) -> np.ndarray:
    stripes = depth * np.sin(np.arange(1536) / 9)
    return np.array(colour) + stripes[:, None, None] * np.ones((1, 2048, 1))


def with_pen(picture: np.ndarray) -> np.ndarray:
    return cv2.line(picture.copy(), (450, 900), (800, 700), (30, 30, 30), 26)


def with_second_paper(picture: np.ndarray) -> np.ndarray:
    return cv2.rectangle(picture.copy(), (60, 500), (380, 1000), (225, 228, 230), -1)


def half_in_shadow(picture: np.ndarray) -> np.ndarray:
    shade = np.where(np.arange(2048) < 1000, 0.55, 1.0).astype(np.float32)
    return (picture * cv2.GaussianBlur(shade[None], (0, 0), 25)[..., None]).astype(np.uint8)


TRUE = corners_seen(10, 4, 350)
#: drawn where they are asked for: every test worker reads this file
SCENES: dict[str, Callable[[], np.ndarray]] = {
    "light desk": lambda: on_desk(np.full(3, 200), photo()),
    "black desk": lambda: on_desk(np.full(3, 15), photo()),
    "green mat": lambda: on_desk(np.array([60, 110, 50]), photo()),
    "dark wood": lambda: on_desk(wood((70, 110, 160), 25), photo()),
    "light wood": lambda: on_desk(wood((120, 170, 205), 20), photo()),
    "pen over the edge": lambda: with_pen(photo()),
    "second paper": lambda: with_second_paper(photo()),
    "half in shadow": lambda: half_in_shadow(photo()),
    "dim": lambda: (photo() * 0.45).astype(np.uint8),
    "yellow paper": lambda: photograph((PAGE * np.array([0.6, 0.92, 0.98])).astype(np.uint8), TRUE),
    "red cover": lambda: photograph((PAGE * np.array([0.25, 0.2, 0.7])).astype(np.uint8), TRUE),
    "dark cover": lambda: photograph((PAGE * 0.17).astype(np.uint8), TRUE),
}


@pytest.mark.parametrize("scene", SCENES)
def test_desks_papers_and_light_do_not_hide_the_page(scene: str) -> None:
    found = find_page(SCENES[scene]())
    assert found is not None
    assert np.abs(found - TRUE).max() < TOLERANCE


def test_an_eight_megapixel_camera_finds_the_same_page() -> None:
    picture = cv2.resize(photo(), (3264, 2448), interpolation=cv2.INTER_CUBIC)
    found = find_page(np.asarray(picture, np.uint8))
    assert found is not None
    assert np.abs(found - corners_seen(10, 4, 350) * 3264 / 2048).max() < TOLERANCE * 2


@pytest.mark.parametrize(
    "picture",
    [
        empty_desk,
        lambda: np.full((720, 1280, 3), 128, np.uint8),
        lambda: np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8),
        lambda: np.zeros((720, 1280, 3), np.uint8),
        lambda: np.clip(wood((120, 170, 205), 20), 0, 255).astype(np.uint8),
    ],
    ids=["empty desk", "plain grey", "noise", "black", "bare wood"],
)
def test_no_page_where_there_is_none(picture: Callable[[], np.ndarray]) -> None:
    assert find_page(picture()) is None
