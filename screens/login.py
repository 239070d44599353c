"""Who are you: the identity card on the reader, or another way."""

from __future__ import annotations

from kivy.graphics import Color, SmoothLine
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.journey.intents import ActFor, ChooseWay
from kiosk.journey.views import LoginView
from screens.page import Page, rules
from screens.theme import theme
from screens.widgets.list_row import ListRow
from screens.widgets.pairs import Pair
from screens.widgets.panel import Panel
from screens.widgets.stack import show
from screens.widgets.touchable import Touchable


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


class WayCard(Touchable, Panel, Pair, BoxLayout):
    """A way in: its icon over its name and line; beside them where it has a row to itself."""

    name = StringProperty("")
    line = StringProperty("")
    icon = StringProperty("")
    available = BooleanProperty(True)
    #: the name alone, where there is little room; why it cannot be used is always said
    brief = BooleanProperty(False)


class LoginPage(Page):
    """The reader needs no touch; the other ways do."""

    leaves = True
    view = ObjectProperty(LoginView(), rebind=True)

    def on_view(self, *_: object) -> None:
        """Other ways, or another state of the reader."""
        brief = theme.care and self.view.card is not None
        ways = [
            {
                "control_id": f"way:{way.id}",
                "key": way.id,
                "name": way.name,
                "line": way.line,
                "icon": way.icon,
                "available": way.available,
                "brief": brief,
            }
            for way in self.view.ways
        ]
        show(self.ids.ways, WayCard, ways, self._way)
        others = [self.view.others] if self.view.others else []
        self.ids.others.show(
            ListRow,
            [
                {
                    "control_id": "others",
                    "title": text,
                    "action": button,
                    "asks": True,
                    "settled": self.view.others_chosen,
                    "last": True,
                }
                for text, button in others
            ],
            self._others,
        )

    def _way(self, card: WayCard) -> None:
        self.send(ChooseWay(card.key))

    def _others(self, _: ListRow) -> None:
        self.send(ActFor())


rules(__file__)
