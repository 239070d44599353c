"""A page of a material in the strip: small, numbered, touched to be looked at."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets.panel import Panel
from screens.widgets.touchable import Touchable


class PageTile(Touchable, Panel, BoxLayout):
    """`picture` as JPEG."""

    picture = ObjectProperty(b"")
    number = NumericProperty(1)
    selected = BooleanProperty(False)
