"""Buttons: filled (what to do next), outline, pill (a choice among few), quiet (beside the way), plain (on a card)."""

from __future__ import annotations

from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets.panel import Panel
from screens.widgets.touchable import Touchable


class PushButton(Touchable, Panel, BoxLayout):
    """`label` with an `icon` before it. `fits` True: as wide as it needs."""

    label = StringProperty("")
    icon = StringProperty("")
    kind = OptionProperty("outline", options=["filled", "outline", "pill", "quiet", "plain"])
    selected = BooleanProperty(False)
    fits = BooleanProperty(False)
    #: its part of a row, where it does not fit itself
    share = NumericProperty(1)
    #: height and type size where they are not the theme's
    tall = NumericProperty(0)
    points = NumericProperty(0)
    font_size = NumericProperty(0)
    #: not there: takes no room and no touch
    gone = BooleanProperty(False)
    ink = ColorProperty("#0B4F6C")

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A button that is gone takes no touch."""
        return not self.gone and bool(super().on_touch_down(touch))
