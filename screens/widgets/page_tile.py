"""A page of a material in the strip: small, numbered, touched to be looked at."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets.panel import Panel
from screens.widgets.touchable import Touchable


class PageTile(Touchable, Panel, BoxLayout):
    """`picture` as JPEG; where there is none, `name` says what it is."""

    picture = ObjectProperty(b"")
    name = StringProperty("")
    number = NumericProperty(1)
    selected = BooleanProperty(False)
