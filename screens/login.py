"""Who are you: the identity card on the reader, or a citizen's code on a phone."""

from __future__ import annotations

from kivy.graphics import Color, SmoothLine
from kivy.metrics import dp
from kivy.properties import ObjectProperty
from kivy.uix.widget import Widget

from kiosk.journey.intents import ShowCode
from kiosk.journey.views import LoginView
from screens.page import Page, rules


class CardReader(Widget):
    """A drawing of a card being laid on the reader."""


class DashedFrame(Widget):
    """The place to lay the card, in short strokes."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.bind(pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        dash, gap = dp(14), dp(9)
        with self.canvas:
            Color(0.62, 0.83, 0.9, 1)
            for y in (self.y, self.y + self.height):
                x = self.x
                while x < self.x + self.width:
                    SmoothLine(points=[x, y, min(self.x + self.width, x + dash), y], width=dp(1.4))
                    x += dash + gap
            for x in (self.x, self.x + self.width):
                y = self.y
                while y < self.y + self.height:
                    SmoothLine(points=[x, y, x, min(self.y + self.height, y + dash)], width=dp(1.4))
                    y += dash + gap


class LoginPage(Page):
    """The reader needs no button; the code does."""

    leaves = True
    view = ObjectProperty(LoginView(), rebind=True)

    def code(self) -> None:
        """Show a code instead of the card."""
        self.send(ShowCode())


rules(__file__)
