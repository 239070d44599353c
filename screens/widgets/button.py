"""Buttons: filled (the one thing to do next), outline, pill (a choice among few), quiet (beside the way)."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets.panel import Panel
from screens.widgets.touchable import Touchable


class PushButton(Touchable, Panel, BoxLayout):
    """`label` with an `icon` before it. `fits` True: as wide as it needs."""

    label = StringProperty("")
    icon = StringProperty("")
    kind = OptionProperty("outline", options=["filled", "outline", "pill", "quiet"])
    selected = BooleanProperty(False)
    fits = BooleanProperty(False)
    font_size = NumericProperty(0)
    ink = ColorProperty("#0B4F6C")
