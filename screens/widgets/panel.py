"""A rounded surface with an edge: the ground of cards, buttons, choices and fields."""

from __future__ import annotations

from kivy.metrics import dp
from kivy.properties import ColorProperty, NumericProperty
from kivy.uix.widget import Widget


class Panel(Widget):
    """Fills itself with `fill` inside an edge of `border` pixels in `edge`."""

    fill = ColorProperty("#FFFFFF")
    edge = ColorProperty("#C9D3DC")
    border = NumericProperty(dp(2))
    radius = NumericProperty(dp(24))
