"""Tiles two in a row; an odd last one has a row of its own, whole."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.layout import Layout
from kivy.uix.widget import Widget


class Pair(Widget):
    """What stands in `Pairs`: it says the height it needs at its width, and is told when it has a row to itself."""

    needed = NumericProperty(0)
    wide = BooleanProperty(False)


class Pairs(Layout):
    """Children (`Pair`) from left to right, row by row, those of a row equally high. `single`: one in each row."""

    spacing = NumericProperty(0)
    single = BooleanProperty(False)

    def __init__(self, **values: object) -> None:
        values.setdefault("size_hint_y", None)
        super().__init__(**values)
        for name in ("children", "pos", "size", "spacing", "single"):
            self.fbind(name, self._trigger_layout)

    def add_widget(self, widget: Widget, *arguments: Any, **values: Any) -> None:
        """Follow the height the child needs."""
        widget.fbind("needed", self._trigger_layout)
        super().add_widget(widget, *arguments, **values)

    def remove_widget(self, widget: Widget, *arguments: Any, **values: Any) -> None:
        """Follow it no more."""
        widget.funbind("needed", self._trigger_layout)
        super().remove_widget(widget, *arguments, **values)

    def do_layout(self, *_: object) -> None:
        """Place the children and set the height."""
        tiles = list(reversed(self.children))
        many = 1 if self.single else 2
        rows = [tiles[start : start + many] for start in range(0, len(tiles), many)]
        heights = [max(tile.needed for tile in row) for row in rows]
        self.height = sum(heights) + self.spacing * max(0, len(rows) - 1)
        top = self.top
        for row, height in zip(rows, heights, strict=True):
            width = (self.width - self.spacing * (len(row) - 1)) / len(row)
            for index, tile in enumerate(row):
                tile.wide = len(row) == 1
                tile.size = width, height
                tile.pos = self.x + index * (width + self.spacing), top - height
            top -= height + self.spacing
