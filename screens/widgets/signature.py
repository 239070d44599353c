"""Handwritten strokes: a picture of a signature, and the pad to write it on."""

from __future__ import annotations

import time
from collections.abc import Sequence

from kivy.graphics import Color, SmoothLine
from kivy.input import MotionEvent
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from screens.theme import theme
from screens.widgets.panel import Panel

Stroke = tuple[tuple[float, float, int], ...]


def draw(strokes: Sequence[Sequence[Sequence[float]]], area: Widget, width: float) -> None:
    """Draw strokes in 0…1 (y down) over `area`, onto its canvas."""
    for stroke in strokes:
        points = [v for p in stroke for v in (area.x + p[0] * area.width, area.y + area.height * (1 - p[1]))]
        if len(points) == 2:
            points += [points[0] + 1, points[1]]
        SmoothLine(points=points, width=width, cap="round", joint="round")


class Signature(Widget):
    """Strokes already made, drawn small."""

    strokes = ObjectProperty(())

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        for name in ("strokes", "pos", "size"):
            self.fbind(name, self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        with self.canvas:
            Color(rgba=theme.ink)
            draw(self.strokes, self, dp(2))


class Pad(Panel):
    """A pad to sign on. Dispatches `on_signed(strokes)` at each stroke's end; a stroke never leaves the pad."""

    control_id = StringProperty("pad")
    control_name = StringProperty("")
    role = StringProperty("pad")
    hint = StringProperty("")
    pen = NumericProperty(dp(4))
    strokes = ObjectProperty(())
    empty = BooleanProperty(True)

    __events__ = ("on_signed",)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._stroke: list[tuple[float, float, int]] = []
        self._began = 0.0
        for name in ("strokes", "pos", "size"):
            self.fbind(name, self._draw)

    @property
    def drawing(self) -> bool:
        """A finger is on the pad."""
        return bool(self._stroke)

    def forget(self) -> None:
        """An empty pad."""
        self._stroke, self._began = [], 0.0
        self.strokes, self.empty = (), True
        self._draw()

    def on_signed(self, strokes: tuple[Stroke, ...]) -> None:
        """A stroke ended."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A stroke begins; a second finger is ignored."""
        if not self.collide_point(*touch.pos) or self._stroke:
            return False
        touch.grab(self)
        if not self.strokes:
            self._began = time.monotonic()
        self.empty = False
        self._add(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """The stroke goes on, kept within the pad."""
        if touch.grab_current is not self:
            return False
        self._add(touch)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """The stroke ends."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        if self._stroke:
            stroke, self._stroke = tuple(self._stroke), []
            self.strokes = (*self.strokes, stroke)
            self.dispatch("on_signed", self.strokes)
        return True

    def _add(self, touch: MotionEvent) -> None:
        x = min(1.0, max(0.0, (touch.x - self.x) / max(1, self.width)))
        y = min(1.0, max(0.0, (self.y + self.height - touch.y) / max(1, self.height)))
        self._stroke.append((round(x, 4), round(y, 4), int((time.monotonic() - self._began) * 1000)))
        self._draw()

    def _draw(self, *_: object) -> None:
        self.canvas.after.clear()
        with self.canvas.after:
            Color(rgba=theme.ink)
            draw((*self.strokes, self._stroke) if self._stroke else self.strokes, self, self.pen)
