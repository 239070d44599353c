from __future__ import annotations

import cv2
import numpy as np

from benchmarks.drawn_papers import draw_empty_page, draw_few_lines
from fleet.sample_city.papers import corners_seen, photograph
from kiosk.documents.cleanup import clean, even_light
from kiosk.documents.page_detection import find_page, straighten
from kiosk.documents.quality import judge
from kiosk.documents.scan_results import ColourMode, Place, Quality
from tests.kiosk.documents.photographs import PAGE, Image, moving, photo


def quality_of(picture: Image) -> Quality:
    corners = find_page(picture)
    assert corners is not None
    return judge(picture, corners)


def test_a_good_picture_has_no_fault() -> None:
    for tilt, turn, distance in ((0, 0, 330), (25, 10, 380), (12, -20, 480)):
        assert quality_of(photo(tilt, turn, distance)).reason == ""


def test_a_camera_of_fewer_pixels_is_judged_alike() -> None:
    small = cv2.resize(photo(), (1024, 768), interpolation=cv2.INTER_AREA)
    assert quality_of(np.asarray(small, np.uint8)).reason == ""


def test_a_moving_page_is_blurred() -> None:
    assert quality_of(moving(photo())).reason == "blurred"


def test_sensor_noise_does_not_pass_for_sharpness() -> None:
    noise = np.random.default_rng(3).normal(0, 4, photo().shape)
    assert quality_of(np.clip(moving(photo()) + noise, 0, 255).astype(np.uint8)).has("blurred")


def test_a_lamp_on_glossy_paper_is_glare() -> None:
    picture = (photo() * 0.85).astype(np.uint8)
    spot = cv2.circle(np.zeros(picture.shape[:2], np.float32), (1000, 700), 90, 1.0, -1)
    lamp = cv2.GaussianBlur(spot, (0, 0), 25)
    shining = np.clip(picture + lamp[..., None] * 220, 0, 255).astype(np.uint8)
    assert quality_of(picture).reason == ""
    assert quality_of(shining).reason == "glare"


def test_a_page_that_runs_out_of_the_picture_is_cut_off() -> None:
    assert quality_of(photo(0, 0, 330, aside=(0, 60))).reason == "cut-off"
    assert quality_of(photo(0, 0, 330, aside=(-200, 0))).reason == "cut-off"


def test_a_dim_room_is_dark() -> None:
    assert quality_of((photo() * 0.22).astype(np.uint8)).reason == "dark"


def test_cleaning_evens_the_light_and_keeps_the_colour() -> None:
    picture = photo(16, 5, 350)
    page = straighten(picture, find_page(picture))
    clean = even_light(page)

    def paper(image: Image) -> list[float]:
        height, width = image.shape[:2]
        corners = [(0.06, 0.1), (0.06, 0.9), (0.94, 0.1), (0.94, 0.9), (0.5, 0.06)]
        return [
            float(
                np.percentile(
                    image[int(y * height) - 15 : int(y * height) + 15, int(x * width) - 15 : int(x * width) + 15], 70
                )
            )
            for y, x in corners
        ]

    assert np.ptp(paper(page)) > 20
    assert np.ptp(paper(clean)) < 8
    assert min(paper(clean)) > 225
    # The seal stays red, the photograph stays grey-blue instead of turning into paper.
    seal = clean[
        int(0.803 * clean.shape[0]) - 90 : int(0.803 * clean.shape[0]) + 90,
        int(0.744 * clean.shape[1]) - 110 : int(0.744 * clean.shape[1]) + 110,
    ].astype(int)
    assert ((seal[..., 2] - seal[..., 1]) > 90).mean() > 0.02
    face = clean[int(0.245 * clean.shape[0]), int(0.81 * clean.shape[1])]
    assert face.max() < 215


def test_a_red_cover_stays_red() -> None:
    cover = photograph((PAGE * np.array([0.25, 0.2, 0.7])).astype(np.uint8), corners_seen(14, 6, 350))
    page = straighten(cover, find_page(cover))
    before, after = (np.median(image.reshape(-1, 3), axis=0) for image in (page, even_light(page)))
    assert np.abs(before - after).max() < 12


def inside(place: Place, point: tuple[float, float]) -> bool:
    return place.left <= point[0] <= place.right and place.top <= point[1] <= place.bottom


def test_a_fault_says_where_it_is() -> None:
    picture = (photo() * 0.85).astype(np.uint8)
    spot = cv2.circle(np.zeros(picture.shape[:2], np.float32), (1000, 700), 90, 1.0, -1)
    lamp = cv2.GaussianBlur(spot, (0, 0), 25)
    [glare] = quality_of(np.clip(picture + lamp[..., None] * 220, 0, 255).astype(np.uint8)).faults
    assert glare.code == "glare"
    assert inside(glare.place, (1000 / 2048, 700 / 1536))
    assert (glare.place.right - glare.place.left) * 2048 < 260

    corner, *others = quality_of(photo(0, 0, 330, aside=(-200, 0))).faults
    assert {fault.code for fault in (corner, *others)} == {"cut-off"}
    assert corner.place.left == 0


def test_a_finger_on_the_page_is_told_with_its_place() -> None:
    picture = photo(0, 0, 330).copy()
    left = int(corners_seen(0, 0, 330)[:, 0].min())
    cv2.line(picture, (0, 900), (left + 90, 800), (120, 155, 205), 80, cv2.LINE_AA)
    quality = quality_of(picture)
    assert quality.reason == "finger"
    [finger] = quality.faults
    assert inside(finger.place, ((left + 80) / 2048, 800 / 1536))


def test_an_empty_page_is_not_called_blurred_and_one_of_three_lines_is_not_empty() -> None:
    empty, little = (photograph(draw().picture, corners_seen(10, 4, 350)) for draw in (draw_empty_page, draw_few_lines))
    assert quality_of(empty).reason == "empty"
    assert quality_of(little).reason == ""


def test_a_page_moved_along_one_direction_is_blurred() -> None:
    for axis in ((1, 31), (31, 1)):
        drag = np.full(axis, 1 / 31, np.float32)
        assert quality_of(np.asarray(cv2.filter2D(photo(), -1, drag), np.uint8)).reason == "blurred"


def test_grey_and_black_and_white_keep_the_red_seal_and_white_paper() -> None:
    page = straighten(photo(), find_page(photo()))
    height, width = page.shape[:2]
    seal = (
        slice(int(0.803 * height) - 90, int(0.803 * height) + 90),
        slice(int(0.744 * width) - 110, int(0.744 * width) + 110),
    )
    red = page[seal].astype(int)
    red = (red[..., 2] - red[..., 1]) > 60
    assert red.mean() > 0.03
    grey, black = clean(page, ColourMode.GREY), clean(page, ColourMode.BLACK_AND_WHITE)
    assert grey.ndim == black.ndim == 2
    assert set(np.unique(black)) == {0, 255}
    assert (grey[seal][red] < 190).mean() > 0.9
    assert (black[seal][red] == 0).mean() > 0.8
    assert 0.8 < (black == 255).mean() < 0.98
