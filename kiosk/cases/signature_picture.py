"""A handwritten signature as a picture: black on white, 900 × 300 grey pixels."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

WIDTH, HEIGHT, PEN = 900, 300, 7


def picture(strokes: Sequence[Sequence[tuple[float, float, int]]]) -> Image.Image:
    """The picture of strokes whose x and y run from 0 to 1 over the pad, y downwards."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        points = [(x * WIDTH, y * HEIGHT) for x, y, _ in stroke]
        if len(points) > 1:
            draw.line(points, fill=0, width=PEN, joint="curve")
        for x, y in (points[0], points[-1]) if points else ():
            draw.ellipse((x - PEN / 2, y - PEN / 2, x + PEN / 2, y + PEN / 2), fill=0)
    return image
