"""A bar that fills while something is waited for."""

from __future__ import annotations

from kivy.properties import NumericProperty
from kivy.uix.widget import Widget


class WaitingBar(Widget):
    """`part` 0…1; None takes no room."""

    part = NumericProperty(None, allownone=True)
