"""One key: pressed at once under the finger, tapped when the finger leaves it inside."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock, ClockEvent
from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.behaviors import FocusBehavior
from kivy.uix.label import Label

FLASH = 0.08  # seconds a key stays pressed at least, so that the shortest tap is seen
REPEAT_AFTER, REPEAT_EVERY = 0.6, 0.12  # seconds


class Key(Label):
    """A key or a candidate. Fires on_tap; with `repeats`, again and again while it is held."""

    control_id = StringProperty("")
    control_name = StringProperty("")
    control_field = StringProperty("")
    role = StringProperty("key")
    kind = OptionProperty("letter", options=["letter", "digit", "word", "space", "candidate"])
    selected = BooleanProperty(False)
    pressed = BooleanProperty(False)
    repeats = BooleanProperty(False)
    factor = NumericProperty(1.0)
    is_card = BooleanProperty(False)
    corner = NumericProperty(0)
    rim = NumericProperty(0)
    face = ColorProperty("#00000000")
    edge = ColorProperty("#00000000")

    __events__ = ("on_tap",)

    def __init__(self, **values: Any) -> None:
        self._repeating: ClockEvent | None = None
        self._repeated = False
        super().__init__(**values)

    def on_tap(self) -> None:
        """The key was tapped."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Takes the touch, and keeps a text field that has the focus from losing it."""
        if not self.collide_point(*touch.pos) or self.disabled:
            return False
        FocusBehavior.ignored_touch.append(touch)
        touch.grab(self)
        self.pressed = True
        self._repeated = False
        if self.repeats:
            self._repeating = Clock.schedule_once(self._repeat, REPEAT_AFTER)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Shows whether lifting the finger here would count."""
        if touch.grab_current is not self:
            return False
        self.pressed = self.collide_point(*touch.pos)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Taps, if the finger is still on the key."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._stop_repeating()
        Clock.schedule_once(self._release, FLASH)
        if self.collide_point(*touch.pos) and not self._repeated:
            self.dispatch("on_tap")
        return True

    def _repeat(self, _: float) -> None:
        if self.pressed and self.get_root_window() is not None:
            self._repeated = True
            self.dispatch("on_tap")
        self._repeating = Clock.schedule_once(self._repeat, REPEAT_EVERY)

    def _stop_repeating(self) -> None:
        if self._repeating is not None:
            self._repeating.cancel()
            self._repeating = None

    def _release(self, _: float) -> None:
        self.pressed = False
