"""The receipt that did not come out, line by line; nothing for None."""

from __future__ import annotations

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.views import ReceiptView
from screens.widgets.card import Card


class ReceiptLine(BoxLayout):
    """A label and its value, or a sentence across the card."""

    line = ObjectProperty(("", ""))


class ReceiptCard(Card):
    """`receipt` is a ReceiptView or None."""

    receipt: ReceiptView | None = ObjectProperty(None, allownone=True)

    def on_receipt(self, *_: object) -> None:
        """Another receipt."""
        lines = [{"line": line} for line in self.receipt.rows] if self.receipt else []
        self.ids.lines.show(ReceiptLine, lines)
