"""A bar to slide along from the first value to the last."""

from __future__ import annotations

from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.widgets.grip import Grip


class RangeBar(Grip):
    """`share` is the place of the knob, 0…1. `on_slide(share)` while a finger moves it. `known`: there is an answer."""

    share = NumericProperty(0)
    known = BooleanProperty(False)
    control_id = StringProperty("")
    control_name = StringProperty("")
    control_field = StringProperty("")
    role = StringProperty("slider")
    knob = NumericProperty(0)

    __events__ = ("on_slide",)

    def on_slide(self, share: float) -> None:
        """The finger is at `share` of the bar."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take hold anywhere on it."""
        if not self.collide_point(*touch.pos) or self.disabled:
            return False
        touch.grab(self)
        self._move(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Slide."""
        if touch.grab_current is not self:
            return False
        self._move(touch)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Let go."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        return True

    def _move(self, touch: MotionEvent) -> None:
        edge = self.height / 2
        self.dispatch("on_slide", min(1.0, max(0.0, (touch.x - self.x - edge) / max(1, self.width - 2 * edge))))
