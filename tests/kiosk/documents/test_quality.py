from __future__ import annotations

import cv2
import numpy as np

from fleet.sample_city.papers import corners_seen, photograph
from kiosk.documents.cleanup import even_light
from kiosk.documents.page_detection import find_page, straighten
from kiosk.documents.quality import judge
from kiosk.documents.scan_results import Quality
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
