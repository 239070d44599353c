"""What can be touched: a behaviour with an identity, so that a screen reader or a test finds it."""

from __future__ import annotations

from math import hypot

from kivy.core.window import Window
from kivy.factory import Factory
from kivy.input import MotionEvent
from kivy.metrics import dp
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

#: dp; a finger that stays within this of where it came down has not moved
STILL = 24


class Touchable(ButtonBehavior):
    """A button of any look. `control_id` is stable ("forward", "theme:work"); `control_name` is what it says."""

    control_id = StringProperty("")
    control_name = StringProperty("")
    role = StringProperty("button")
    #: what the intent needs of it: a code, a value
    key = StringProperty("")
    #: the path of the form's field this belongs to, or ""
    control_field = StringProperty("")
    #: touched now it does nothing: the page has only just come, and the finger meant the one before
    resting = BooleanProperty(False)

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Where the page moves away under a finger that stays where it was, what it touched is what it meant."""
        if touch.grab_current is not self or not _stayed(touch):
            return bool(super().on_touch_up(touch))
        self.always_release = True
        try:
            return bool(super().on_touch_up(touch))
        finally:
            self.always_release = False


def _stayed(touch: MotionEvent) -> bool:
    width, height = Window.size
    return hypot((touch.sx - touch.osx) * width, (touch.sy - touch.osy) * height) <= dp(STILL)


Factory.register("Touchable", cls=Touchable)
