"""A handwritten signature as a picture: black on white, 900 × 300 grey pixels."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

WIDTH, HEIGHT, PEN = 900, 300, 7
#: white around what was written
MARGIN = 15


def picture(strokes: Sequence[Sequence[tuple[float, float, int]]], shape: float) -> Image.Image:
    """The picture of strokes whose x and y run from 0 to 1 over a pad of `shape` (width by height), y downwards.

    What was written fills the picture and keeps its proportions, whatever the pad's.
    """
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    drawn = [[(x * shape, y) for x, y, _ in stroke] for stroke in strokes if stroke]
    for points in _fitted(drawn):
        if len(points) > 1:
            draw.line(points, fill=0, width=PEN, joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - PEN / 2, y - PEN / 2, x + PEN / 2, y + PEN / 2), fill=0)
    return image


def _fitted(strokes: list[list[tuple[float, float]]]) -> list[list[tuple[float, float]]]:
    points = [point for stroke in strokes for point in stroke]
    if not points:
        return []
    left, top = min(x for x, _ in points), min(y for _, y in points)
    width, height = max(x for x, _ in points) - left, max(y for _, y in points) - top
    # a dot is not blown up
    scale = min((WIDTH - 2 * MARGIN) / max(width, 0.1), (HEIGHT - 2 * MARGIN) / max(height, 0.1))
    x0, y0 = (WIDTH - width * scale) / 2, (HEIGHT - height * scale) / 2
    return [[(x0 + (x - left) * scale, y0 + (y - top) * scale) for x, y in stroke] for stroke in strokes]
