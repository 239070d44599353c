"""An answer put in order: each row goes up or down by a large button."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.views import Field
from screens.answers.answer import AnswerWidget
from screens.page import rules
from screens.widgets.panel import Panel


class RankRow(Panel, BoxLayout):
    """One of them, with its place."""

    label = StringProperty("")
    key = StringProperty("")
    path = StringProperty("")
    place = NumericProperty(1)
    last = BooleanProperty(False)
    known = BooleanProperty(False)

    __events__ = ("on_move",)

    def on_move(self, step: int) -> None:
        """Up is -1, down is 1."""


class Ranked(AnswerWidget):
    """Until something is moved, or the order is said to be right, nothing is answered."""

    def show_field(self, field: Field) -> None:
        """Draw `field`."""
        super().show_field(field)
        labels = {row.value: row.label for row in field.choices}
        order = self._order()
        rows = [
            {
                "label": labels[value],
                "key": value,
                "path": field.path,
                "place": place,
                "last": place == len(order),
                "known": bool(field.value),
                "disabled": field.readonly,
            }
            for place, value in enumerate(order, start=1)
        ]
        before = len(self.ids.rows.children)
        for row in self.ids.rows.show(RankRow, rows)[before:]:
            row.bind(on_move=self._move)

    def keep(self) -> None:
        """The order is right as it stands."""
        self.answer(" ".join(self._order()))

    def _order(self) -> list[str]:
        values = [row.value for row in self.field.choices]
        ranked = [value for value in self.field.value.split() if value in values]
        return ranked + [value for value in values if value not in ranked]

    def _move(self, row: Any, step: int) -> None:
        order = self._order()
        at = order.index(row.key)
        to = min(len(order) - 1, max(0, at + step))
        order.insert(to, order.pop(at))
        self.answer(" ".join(order))


rules(__file__)
