"""One answer to choose, as a large row: a ring for one of several, a square for any of several."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets.panel import Panel
from screens.widgets.touchable import Touchable


class ChoiceItem(Touchable, Panel, BoxLayout):
    """`label` and a line of `help`; `many` draws a square with a check instead of a ring."""

    label = StringProperty("")
    help = StringProperty("")
    selected = BooleanProperty(False)
    many = BooleanProperty(False)
    #: lower, for a list of many
    compact = BooleanProperty(False)
    #: PNG or JPEG beside the words
    picture = ObjectProperty(b"")
