"""Smooth for the eye, whole numbers for the engines."""

from __future__ import annotations

from itertools import pairwise

from screens.keyboards.ink import scaled, smooth

CORNER = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)]


def test_a_curve_keeps_its_ends_and_rounds_its_corner() -> None:
    line = smooth(CORNER)
    points = list(zip(line[::2], line[1::2], strict=True))
    assert points[0] == CORNER[0] and points[-1] == CORNER[-1]
    assert (100.0, 0.0) not in points
    assert max(abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(points)) <= 51


def test_short_strokes_are_left_as_they_are() -> None:
    assert smooth([(1.0, 2.0)]) == [1.0, 2.0]
    assert smooth(CORNER[:2]) == [0.0, 0.0, 100.0, 0.0]


def test_engines_get_whole_numbers_from_zero() -> None:
    assert scaled([[(-3.0, 250.4), (10.26, 500.0)]], 500.0) == [[[0, 501], [21, 1000]]]
