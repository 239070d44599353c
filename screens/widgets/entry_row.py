"""One entry of several: what it is, a way to change it, and a way to take it away that asks once."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.widgets.panel import Panel
from screens.widgets.stack import Stack


class EntryItem(Panel, Stack):
    """Events: `on_change()`, `on_remove(sure)`, `on_keep()` (not to be taken away after all)."""

    key = StringProperty("")
    place = NumericProperty(1)
    label = StringProperty("")
    line = StringProperty("")
    removes = BooleanProperty(True)
    removing = BooleanProperty(False)

    __events__ = ("on_change", "on_remove", "on_keep")

    def on_change(self) -> None:
        """Change it."""

    def on_remove(self, sure: bool) -> None:
        """Take it away."""

    def on_keep(self) -> None:
        """Keep it."""
