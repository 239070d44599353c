"""A number between two others: large minus and plus, and a bar to slide along."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from kivy.properties import NumericProperty, StringProperty

from kiosk.journey.views import Field
from screens.answers.answer import AnswerWidget
from screens.page import rules


class Ranged(AnswerWidget):
    """Nothing is answered until it is touched: then the first touch of plus or minus is the first value."""

    shown = StringProperty("")
    share = NumericProperty(0)

    def __init__(self, field: Field, *values: Any) -> None:
        self._first, self._last, self._step = (_number(text) for text in field.bounds)
        super().__init__(field, *values)

    def show_field(self, field: Field) -> None:
        """Draw `field`."""
        super().show_field(field)
        self._draw(field.value)

    def step(self, way: int) -> None:
        """One step down (-1) or up (1)."""
        value = self.field.value
        self._tell(_number(value) + way * self._step if value else self._first)

    def slide(self, share: float) -> None:
        """The finger is at `share` of the bar."""
        whole = self._last - self._first
        steps = round(Decimal(share) * whole / self._step)
        value = self._text(self._first + steps * self._step)
        if value != self.field.value and value != self.shown:
            self._tell(_number(value))

    def _tell(self, value: Decimal) -> None:
        low, high = sorted((self._first, self._last))
        text = self._text(min(high, max(low, value)))
        self._draw(text)
        self.answer(text)

    def _draw(self, value: str) -> None:
        self.shown = value
        whole = self._last - self._first
        self.share = float((_number(value) - self._first) / whole) if value and whole else 0.0

    @staticmethod
    def _text(value: Decimal) -> str:
        return str(int(value)) if value == value.to_integral_value() else str(value.normalize())


def _number(text: str) -> Decimal:
    """A number of the form; what is none counts as 1, so that a bar can always be drawn."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(1)


rules(__file__)
