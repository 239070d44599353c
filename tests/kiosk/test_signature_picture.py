"""The picture of a signature: what was written keeps its proportions and fills the picture, whatever the pad."""

from __future__ import annotations

import pytest

from kiosk.cases.signature_picture import HEIGHT, MARGIN, PEN, WIDTH, picture


def inked(strokes: object, shape: float) -> tuple[int, int]:
    box = picture(strokes, shape).point(lambda grey: grey < 128 and 255).getbbox()  # type: ignore[arg-type]
    assert box is not None and box[0] >= 0 and box[3] <= HEIGHT
    return box[2] - box[0], box[3] - box[1]


@pytest.mark.parametrize("shape", [0.5, 1.0, 3.0])
def test_a_square_stays_a_square(shape: float) -> None:
    side = 0.4
    square = [[(0.1, 0.2, 0), (0.1 + side / shape, 0.2, 9), (0.1 + side / shape, 0.2 + side, 18), (0.1, 0.6, 27)]]
    width, height = inked(square, shape)
    assert abs(width - height) <= PEN and height > HEIGHT - 3 * MARGIN


def test_a_long_one_fills_the_width_and_a_dot_stays_small() -> None:
    width, height = inked([[(0.1, 0.5, 0), (0.9, 0.55, 100)]], 3.0)
    assert width > WIDTH - 3 * MARGIN and height < HEIGHT / 4
    assert max(inked([[(0.5, 0.5, 0)]], 3.0)) < 2 * PEN
    assert picture([], 3.0).getextrema() == (255, 255)
