"""Strokes of a pen: made smooth for the eye, and scaled for the engines. No Kivy here."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

#: the points of one stroke, pixels from the upper left corner of the pad
Stroke = Sequence[tuple[float, float]]

STEPS = 4  # short lines for one curve between two middles
SPAN = 1000  # of the pad's height in what the engines get


def smooth(points: Stroke) -> list[float]:
    """x, y, x, y, … of a curve along `points`: quadratic, from middle to middle, with each point pulling it."""
    if len(points) < 3:
        return [value for point in points for value in point]
    line = [*points[0]]
    start = points[0]
    for point, after in pairwise(points[1:]):
        end = ((point[0] + after[0]) / 2, (point[1] + after[1]) / 2)
        for step in range(1, STEPS + 1):
            t = step / STEPS
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            line += [a * start[axis] + b * point[axis] + c * end[axis] for axis in (0, 1)]
        start = end
    return [*line, *points[-1]]


def scaled(strokes: Sequence[Stroke], height: float) -> list[list[list[int]]]:
    """The strokes as whole numbers from 0, as dinkit wants them; `height` becomes 1000."""
    factor = SPAN / height
    return [[[max(0, round(x * factor)), max(0, round(y * factor))] for x, y in stroke] for stroke in strokes]
