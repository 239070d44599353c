"""Line icons, drawn once per size with smooth edges and tinted by the canvas.

An icon is strokes on a 24 by 24 grid, y down. Its words: `M x y` start, `L x y` line, `C x y x y x y` curve,
`Z` close, `O x y r` circle, `D x y r` dot, `R x y w h r` rounded rectangle, `A x y r from to` arc in degrees,
clockwise from three o'clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

from kivy.graphics.texture import Texture
from kivy.properties import ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw

_FACE = "O 12 12 10 D 8.6 9.6 1.15 D 15.4 9.6 1.15 "
ICONS = {
    "birth": "O 12 7.5 4.6 D 10.4 6.9 .75 D 13.6 6.9 .75 A 12 7.9 2 25 155 M 4 21.5 C 4.6 17 8 15.4 12 15.4 "
    "C 16 15.4 19.4 17 20 21.5",
    "work": "R 2.5 7.5 19 13 2.2 M 8.3 7.5 L 8.3 4.2 L 15.7 4.2 L 15.7 7.5 M 2.5 13.4 L 21.5 13.4 M 12 12 L 12 15",
    "medical": "R 3 3 18 18 4 M 12 7.6 L 12 16.4 M 7.6 12 L 16.4 12",
    "housing": "M 2.2 12 L 12 3 L 21.8 12 M 5 9.8 L 5 21 L 19 21 L 19 9.8 M 9.6 21 L 9.6 14.8 L 14.4 14.8 L 14.4 21",
    "marriage": "O 8.6 14.8 6 O 15.4 14.8 6 M 9.6 5 L 12 2 L 14.4 5",
    "business": "M 2.6 9.8 L 4.8 3.6 L 19.2 3.6 L 21.4 9.8 Z M 4.4 9.8 L 4.4 21 L 19.6 21 L 19.6 9.8 "
    "M 9.8 21 L 9.8 14.6 L 14.2 14.6 L 14.2 21",
    "retire": "O 9.6 4.8 2.9 M 9.6 10.2 C 7 11.2 6.6 14 6.6 21.5 M 9.6 10.2 C 12 11 12 14.4 15.4 15 "
    "M 10.6 14.6 L 12 21.5 M 17.6 12.6 L 17.6 21.5",
    "papers": "R 2 4.8 20 14.6 2.4 O 15.8 10.2 2 M 12.4 15.8 C 12.8 13.8 14.2 13.2 15.8 13.2 "
    "C 17.4 13.2 18.8 13.8 19.2 15.8 M 5.2 9.6 L 10.4 9.6 M 5.2 13 L 9 13",
    "all": "O 4.6 12 1.8 O 12 12 1.8 O 19.4 12 1.8",
    "dots": "O 4.6 12 1.8 O 12 12 1.8 O 19.4 12 1.8",
    "company": "M 4 21.4 L 4 2.8 L 14.4 2.8 L 14.4 21.4 M 14.4 9.4 L 20 9.4 L 20 21.4 M 2 21.4 L 22 21.4 "
    "M 7.4 7 L 7.6 7 M 10.8 7 L 11 7 M 7.4 11 L 7.6 11 M 10.8 11 L 11 11 M 7.4 15 L 7.6 15 M 10.8 15 L 11 15 "
    "M 17.2 13.4 L 17.2 13.6 M 17.2 17.4 L 17.2 17.6",
    "people": "O 8.8 7.6 3.6 M 2 20.4 C 2.4 16 5 13.8 8.8 13.8 C 12.6 13.8 15.2 16 15.6 20.4 "
    "A 15.4 7.6 3.6 -70 74 M 18 14.4 C 20.4 15.2 21.8 17.2 22 20.4",
    "helper": "O 8.2 7.2 3.6 M 1.8 20.4 C 2.2 16 4.6 13.6 8.2 13.6 C 9.8 13.6 11.2 14 12.2 14.8 "
    "M 17.8 20.8 C 13.6 18.2 13.4 16.6 13.4 15.4 C 13.4 13.2 16.4 12.4 17.8 14.8 "
    "C 19.2 12.4 22.2 13.2 22.2 15.4 C 22.2 16.6 22 18.2 17.8 20.8",
    "person": "O 12 7.6 4.4 M 3.6 21 C 4.2 16.6 7.4 14.6 12 14.6 C 16.6 14.6 19.8 16.6 20.4 21",
    "sms": "M 20 4 L 4 4 C 2.8 4 2 4.8 2 6 L 2 15.4 C 2 16.6 2.8 17.4 4 17.4 L 6.6 17.4 L 6.6 21.6 L 11.4 17.4 "
    "L 20 17.4 C 21.2 17.4 22 16.6 22 15.4 L 22 6 C 22 4.8 21.2 4 20 4 M 7 10.7 L 7.2 10.7 M 12 10.7 L 12.2 10.7 "
    "M 17 10.7 L 17.2 10.7",
    "lock": "R 4.4 10.4 15.2 11 2.2 M 7.6 10.4 L 7.6 7.4 C 7.6 4.6 9.4 2.8 12 2.8 C 14.6 2.8 16.4 4.6 16.4 7.4 "
    "L 16.4 10.4 M 12 14.8 L 12 17",
    "turn_left": "O 15.8 12 6.6 D 11.8 10.4 1 D 15.6 10.4 1 M 11.6 15 L 14.8 15 M 6.4 12 L 1.4 12 "
    "M 4.4 8.6 L 1 12 L 4.4 15.4",
    "turn_right": "O 8.2 12 6.6 D 12.2 10.4 1 D 8.4 10.4 1 M 12.4 15 L 9.2 15 M 17.6 12 L 22.6 12 "
    "M 19.6 8.6 L 23 12 L 19.6 15.4",
    "rotate": "A 12 12.8 8.2 40 310 M 17.9 1.9 L 17.3 6.5 L 12.7 6.3",
    "blink": "M 1.8 12 C 6.4 4.4 17.6 4.4 22.2 12 C 17.6 19.6 6.4 19.6 1.8 12 O 12 12 3.2",
    "look": "O 12 12 9.6 D 8.6 10 1.2 D 15.4 10 1.2 M 8 16 L 16 16",
    "search": "O 10.4 10.4 7 M 15.5 15.5 L 21.4 21.4",
    "phone": "R 6.6 1.8 10.8 20.4 2.2 M 10.8 18.8 L 13.2 18.8",
    "qr": "R 2.8 2.8 7.2 7.2 1.6 R 14 2.8 7.2 7.2 1.6 R 2.8 14 7.2 7.2 1.6 R 14.2 14.2 3 3 .6 "
    "M 20.8 14.2 L 20.8 14.4 M 18.4 18.6 L 20.6 18.6 L 20.6 20.8 M 14.4 20.8 L 16.6 20.8",
    "card": "R 2 4.8 20 14.6 2.4 R 5.2 8.8 5 4.4 1 M 13.8 9.4 L 18.6 9.4 M 5.2 16 L 13 16",
    "stick": "R 7 9 10 12.6 1.8 R 8.8 2.6 6.4 6.4 .6 D 10.8 5.6 .9 D 13.2 5.6 .9 M 12 13 L 12 16.6",
    "printer": "M 7 8.4 L 7 3 L 17 3 L 17 8.4 M 7 17 L 3 17 L 3 8.4 L 21 8.4 L 21 17 L 17 17 R 7 13.4 10 7.8 .8",
    "sound": "M 3.4 9.4 L 7 9.4 L 11.6 5.4 L 11.6 18.6 L 7 14.6 L 3.4 14.6 Z A 11.6 12 4.4 -42 42 A 11.6 12 8.6 -42 42",
    "mute": "M 3.4 9.4 L 7 9.4 L 11.6 5.4 L 11.6 18.6 L 7 14.6 L 3.4 14.6 Z M 15.4 9 L 21.4 15 M 21.4 9 L 15.4 15",
    "help": "O 12 12 9.6 M 9.2 9.6 C 9.2 7.6 10.4 6.6 12 6.6 C 13.6 6.6 14.8 7.7 14.8 9.2 "
    "C 14.8 11.4 12 11.6 12 13.8 D 12 17.2 1.1",
    "leave": "M 8.6 4 L 3.4 4 L 3.4 20 L 8.6 20 M 9.4 12 L 21 12 M 16.8 7.6 L 21.2 12 L 16.8 16.4",
    "keep": "M 6 2.8 L 18 2.8 L 18 21.2 L 12 16.4 L 6 21.2 Z",
    "check": "M 4 12.6 L 9.6 18.4 L 20 6.2",
    "cross": "M 5.5 5.5 L 18.5 18.5 M 18.5 5.5 L 5.5 18.5",
    "warn": "M 12 3 L 22.2 20.6 L 1.8 20.6 Z M 12 9.4 L 12 14.4 D 12 17.4 1.1",
    "info": "O 12 12 9.6 M 12 11 L 12 17 D 12 7.4 1.2",
    "down": "M 12 3.5 L 12 19 M 5.5 13 L 12 19.5 L 18.5 13",
    "up": "M 12 20.5 L 12 5 M 5.5 11 L 12 4.5 L 18.5 11",
    "next": "M 9 4.5 L 16.5 12 L 9 19.5",
    "camera": "R 2.4 6.8 19.2 13.6 2.4 O 12 13.6 4 M 8 6.8 L 9.6 3.8 L 14.4 3.8 L 16 6.8",
    "pen": "M 4 20 L 5 15.4 L 16.6 3.8 L 20.2 7.4 L 8.6 19 Z M 14 6.4 L 17.6 10",
    "clock": "O 12 12 9.6 M 12 6.6 L 12 12 L 16 14.4",
    "calendar": "R 3 4.6 18 16.6 2.4 M 3 9.8 L 21 9.8 M 8 2.4 L 8 6.6 M 16 2.4 L 16 6.6 "
    "D 8.4 14 1.1 D 12 14 1.1 D 15.6 14 1.1 D 8.4 17.6 1.1 D 12 17.6 1.1",
    "keys": "R 1.8 5.4 20.4 13.2 2.2 D 6 9.6 .9 D 10 9.6 .9 D 14 9.6 .9 D 18 9.6 .9 D 6 13 .9 D 18 13 .9 "
    "D 10 13 .9 D 14 13 .9 M 8 16 L 16 16",
    "plus": "M 12 4 L 12 20 M 4 12 L 20 12",
    "minus": "M 4 12 L 20 12",
    "face5": _FACE + "A 12 12.2 5.4 20 160",
    "face4": _FACE + "A 12 10.8 5.6 40 140",
    "face3": _FACE + "M 7.8 15.6 L 16.2 15.6",
    "face2": _FACE + "A 12 20.4 5.4 222 318",
    "face1": _FACE + "A 12 19.4 5.6 205 335",
}
_SMOOTH = 4
Point = tuple[float, float]


def _curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    points = []
    for n in range(1, 17):
        t = n / 16
        s = 1 - t
        p, q, r, w = s**3, 3 * s * s * t, 3 * s * t * t, t**3
        points.append((p * a[0] + q * b[0] + r * c[0] + w * d[0], p * a[1] + q * b[1] + r * c[1] + w * d[1]))
    return points


def _arc(x: float, y: float, r: float, start: float, end: float) -> list[Point]:
    steps = max(8, int(abs(end - start) / 6))
    angles = (math.radians(start + (end - start) * n / steps) for n in range(steps + 1))
    return [(x + r * math.cos(a), y + r * math.sin(a)) for a in angles]


def _rounded(x: float, y: float, w: float, h: float, r: float) -> list[Point]:
    points = _arc(x + w - r, y + r, r, -90, 0) + _arc(x + w - r, y + h - r, r, 0, 90)
    points += _arc(x + r, y + h - r, r, 90, 180) + _arc(x + r, y + r, r, 180, 270)
    return [*points, points[0]]


def strokes(drawing: str) -> Iterator[tuple[list[Point], float]]:
    """The lines of a drawing, each with the radius of its dot (0 for a line)."""
    words = iter(drawing.split())
    line: list[Point] = []

    def numbers(count: int) -> list[float]:
        return [float(next(words)) for _ in range(count)]

    for word in words:
        if word in "MODRA" and line:
            yield line, 0
            line = []
        if word in "ML":
            x, y = numbers(2)
            line.append((x, y))
        elif word == "C":
            a, b, c, d, e, f = numbers(6)
            line += _curve(line[-1], (a, b), (c, d), (e, f))
        elif word == "Z":
            line.append(line[0])
        elif word == "O":
            x, y, r = numbers(3)
            yield _arc(x, y, r, 0, 360), 0
        elif word == "D":
            x, y, r = numbers(3)
            yield [(x, y)], r
        elif word == "R":
            yield _rounded(*numbers(5)), 0
        elif word == "A":
            yield _arc(*numbers(5)), 0
    if line:
        yield line, 0


@lru_cache(maxsize=128)
def texture(name: str, size: int, weight: float) -> Texture:
    """The icon `name` in white, `size` pixels square, its lines `weight` grid units thick."""
    scale = size * _SMOOTH / 24
    picture = Image.new("L", (size * _SMOOTH, size * _SMOOTH), 0)
    draw = ImageDraw.Draw(picture)
    half = weight * scale / 2
    for line, dot in strokes(ICONS[name]):
        points = [(x * scale, y * scale) for x, y in line]
        if not dot:
            draw.line(points, fill=255, width=max(1, round(half * 2)), joint="curve")
        radius = dot * scale or half
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    alpha = picture.resize((size, size), Image.Resampling.LANCZOS).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    white = Image.new("L", (size, size), 255)
    made = Texture.create(size=(size, size), colorfmt="rgba")
    made.blit_buffer(Image.merge("RGBA", (white, white, white, alpha)).tobytes(), colorfmt="rgba")
    return made


class Icon(Widget):
    """The icon `name` in `color`; nothing for an unknown or empty name."""

    name = StringProperty("")
    color = ColorProperty("#0B4F6C")
    weight = NumericProperty(1.5)
    texture = ObjectProperty(None, allownone=True)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        for watched in ("name", "size", "weight"):
            self.fbind(watched, self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        size = round(min(self.size))
        self.texture = texture(self.name, size, self.weight) if self.name in ICONS and size > 4 else None
