"""The pad to write on: ink follows the finger, smooth, and is gone when it is cleared."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, InstructionGroup, Line, RoundedRectangle
from kivy.input import MotionEvent
from kivy.metrics import dp
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.behaviors import FocusBehavior
from kivy.uix.label import Label
from kivy.uix.widget import Widget
from kivy.utils import get_color_from_hex

from screens.keyboards import ink, palette

CORNER, RIM = 24, 2
PEN = 5  # half the ink's width, design pixels
NEAR = 3.0  # points nearer than this to the one before are the finger's trembling
MOST_STROKES = 40  # 𪚥, the densest character, has 64; nobody writes it: the rest is scribble


class InkPad(Widget):
    """One character. Fires `on_pen_down()` at the first touch of a stroke, `on_stroke()` when it ends."""

    control_id = StringProperty("key:pad")
    control_name = StringProperty("")
    control_field = StringProperty("")
    role = StringProperty("key")
    hint = StringProperty("")
    factor = NumericProperty(1.0)

    __events__ = ("on_pen_down", "on_stroke")

    def __init__(self, **values: Any) -> None:
        self._strokes: list[list[tuple[float, float]]] = []
        self._touch: MotionEvent | None = None
        self._lines: list[Line] = []
        self._hint = Label(color=palette.QUIET)
        self._ground, self._ink = InstructionGroup(), InstructionGroup()
        super().__init__(**values)
        self.canvas.before.add(self._ground)
        self.canvas.add(self._ink)
        self.add_widget(self._hint)
        self._lay_out = Clock.create_trigger(self._draw_ground, -1)
        self.bind(size=self._lay_out, pos=self._lay_out, hint=self._lay_out, factor=self._lay_out)

    def on_pen_down(self) -> None:
        """A stroke begins."""

    def on_stroke(self) -> None:
        """A stroke was written."""

    @property
    def strokes(self) -> list[list[list[int]]]:
        """What is written, as the engines want it."""
        return ink.scaled(self._strokes, max(1.0, self.height))

    @property
    def writing(self) -> bool:
        """Whether the pen is down."""
        return self._touch is not None

    def clear(self) -> None:
        """Wipes the pad."""
        self._strokes.clear()
        self._let_go()
        self._draw()

    def undo(self) -> None:
        """Takes the last stroke away."""
        del self._strokes[-1:]
        self._let_go()
        self._draw()

    # the pen

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """The first finger writes; a second one, or the ball of the hand, does not."""
        if not self.collide_point(*touch.pos):
            return False
        FocusBehavior.ignored_touch.append(touch)
        if self._touch is None and len(self._strokes) < MOST_STROKES:
            touch.grab(self)
            self.dispatch("on_pen_down")
            self._touch = touch
            self._strokes.append([self._point(touch)])
            self._draw()
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Ink, as far as the pad's edge."""
        if self._touch is None or touch is not self._touch or touch.grab_current is not self:
            return False
        point, stroke = self._point(touch), self._strokes[-1]
        if abs(point[0] - stroke[-1][0]) + abs(point[1] - stroke[-1][1]) >= dp(NEAR):
            stroke.append(point)
            self._draw_last()
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """The stroke is written."""
        if self._touch is None or touch is not self._touch or touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._touch = None
        self.dispatch("on_stroke")
        return True

    def _let_go(self) -> None:
        if self._touch is not None:
            self._touch.ungrab(self)
            self._touch = None

    def _point(self, touch: MotionEvent) -> tuple[float, float]:
        """Measured from the upper left corner."""
        x = min(max(touch.x - self.x, 0.0), self.width)
        return x, min(max(self.top - touch.y, 0.0), self.height)

    # what is seen

    def _draw(self) -> None:
        self._ink.clear()
        self._hint.opacity = 0 if self._strokes else 1
        self._ink.add(Color(*get_color_from_hex(palette.INK)))
        self._lines = []
        for stroke in self._strokes:
            self._lines.append(self._line(stroke))
            self._ink.add(self._lines[-1])

    def _draw_last(self) -> None:
        self._lines[-1].points = self._curve(self._strokes[-1])

    def _line(self, stroke: list[tuple[float, float]]) -> Line:
        return Line(points=self._curve(stroke), width=dp(PEN * self.factor), cap="round", joint="round")

    def _curve(self, stroke: list[tuple[float, float]]) -> list[float]:
        points = stroke if len(stroke) > 1 else [stroke[0], (stroke[0][0] + 0.5, stroke[0][1] + 0.5)]  # a dot
        line = ink.smooth(points)
        return [self.top - value if index % 2 else self.x + value for index, value in enumerate(line)]

    def _draw_ground(self, *_: object) -> None:
        self._ground.clear()
        for color, inset in ((palette.LINE, 0), (palette.SURFACE, RIM)):
            self._ground.add(Color(*get_color_from_hex(color)))
            self._ground.add(
                RoundedRectangle(
                    pos=(self.x + dp(inset), self.y + dp(inset)),
                    size=(self.width - 2 * dp(inset), self.height - 2 * dp(inset)),
                    radius=[dp(CORNER - inset)],
                )
            )
        self._ground.add(Color(*get_color_from_hex(palette.LINE)))
        middle, side = self.center, min(self.width, self.height) - dp(32)
        left, low = middle[0] - side / 2, middle[1] - side / 2
        for points in (
            (left, middle[1], left + side, middle[1]),
            (middle[0], low, middle[0], low + side),
            (left, low, left + side, low, left + side, low + side, left, low + side, left, low),
        ):
            self._ground.add(Line(points=points, width=1, dash_length=8, dash_offset=8))
        self._hint.text, self._hint.font_size = self.hint, dp(30 * self.factor)
        self._hint.pos, self._hint.size = (self.x, self.y + dp(28)), (self.width, dp(48))
        self._draw()
