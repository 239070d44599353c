"""A column that is turned: dragged, stepped by its two buttons, or touched on the row that is wanted."""

from __future__ import annotations

from typing import Any

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.input import MotionEvent
from kivy.metrics import dp
from kivy.properties import ListProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.stencilview import StencilView

from screens.theme import theme
from screens.widgets.grip import Grip
from screens.widgets.text import Text

#: rows in sight above and below the one that counts
BESIDE = 2
#: how far a flick goes on, in seconds of its speed
COAST = 0.22
#: a button held down steps again after the first, then every, so many seconds
HOLD_FIRST, HOLD_NEXT = 0.45, 0.09


class WheelDrum(Grip, StencilView):
    """The rows in sight, drawn around `place`, which is `index` while nothing moves."""

    options = ListProperty([])
    place = NumericProperty(0)
    row = NumericProperty(dp(96))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._rows = [Text(wraps=False, role="") for _ in range(2 * BESIDE + 3)]
        # a row's text has its size only after it was drawn: then it is put in the middle
        place = Clock.create_trigger(self._draw, -1)
        for label in self._rows:
            label.fbind("size", place)
            self.add_widget(label)
        for name in ("options", "place", "row", "pos", "size"):
            self.fbind(name, self._draw)
        theme.fbind("choice", self._draw)
        self._start = (0.0, 0.0)
        self._last = (0.0, 0.0)
        self._speed = 0.0

    def _draw(self, *_: object) -> None:
        middle = round(self.place)
        for offset, label in enumerate(self._rows, start=-BESIDE - 1):
            index = middle + offset
            inside = 0 <= index < len(self.options)
            chosen = index == middle
            label.words = self.options[index] if inside else ""
            label.points = theme.choice * (1.1 if chosen else 0.9)
            label.bold = chosen
            label.color = theme.ink if chosen else theme.quiet
            label.center = self.center_x, self.center_y - (index - self.place) * self.row

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take hold."""
        if not self.collide_point(*touch.pos) or self.disabled:
            return False
        Animation.cancel_all(self, "place")
        touch.grab(self)
        self._start = (touch.y, self.place)
        self._last, self._speed = (touch.y, Clock.get_time()), 0.0
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Turn with the finger."""
        if touch.grab_current is not self:
            return False
        y, place = self._start
        self.place = min(len(self.options) - 1, max(0, place + (touch.y - y) / self.row))
        now = Clock.get_time()
        if now > self._last[1]:
            self._speed = (touch.y - self._last[0]) / (now - self._last[1]) / self.row
            self._last = (touch.y, now)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Let go: coast to a row; a touch that did not move chooses the row it is on."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        if abs(touch.y - self._start[0]) < dp(16):
            self.turn(round(self.place) + round((self.center_y - touch.y) / self.row))
        else:
            still = Clock.get_time() - self._last[1] > 0.1
            self.turn(round(self.place + (0 if still else self._speed * COAST)))
        return True

    def turn(self, index: int) -> None:
        """Turn to a row, and say so to the column."""
        index = min(len(self.options) - 1, max(0, index))
        Animation(place=index, duration=0.18, transition="out_quad").start(self)
        self.parent.turned(index)


class Wheel(BoxLayout):
    """`options` with the one at `index` in the middle. `on_turned(index)`: the citizen chose another, or this one."""

    options = ListProperty([])
    index = NumericProperty(0)
    #: its part of the date ("year"): names the controls
    part = StringProperty("")
    path = StringProperty("")
    row = NumericProperty(dp(88))

    __events__ = ("on_turned",)

    def __init__(self, **values: Any) -> None:
        self._again: Any = None
        super().__init__(**values)

    def on_turned(self, index: int) -> None:
        """The citizen turned it."""

    def turned(self, index: int) -> None:
        """Told by the drum."""
        self.index = index
        self.dispatch("on_turned", index)

    def put(self, options: list[str], index: int) -> None:
        """Show `options` from outside, standing at `index`; says nothing to anybody."""
        self.options = options
        if index != self.index or round(self.ids.drum.place) != index:
            self.index = index
            Animation.cancel_all(self.ids.drum, "place")
            self.ids.drum.place = index

    def hold(self, step: int) -> None:
        """A button went down: step once, and again while it stays down."""
        self.release()
        self.ids.drum.turn(int(self.index) + step)
        self._again = Clock.schedule_once(lambda _: self._keep(step), HOLD_FIRST)

    def _keep(self, step: int) -> None:
        self._again = Clock.schedule_interval(lambda _: self.ids.drum.turn(int(self.index) + step), HOLD_NEXT)

    def release(self) -> None:
        """The button came up."""
        if self._again is not None:
            self._again.cancel()
            self._again = None
