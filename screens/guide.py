"""The guide of one item: plain words first, the formal wording one touch away, facts and materials."""

from __future__ import annotations

from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.intents import ShowTab
from kiosk.journey.views import GuideView
from screens.page import Page, rules
from screens.widgets.list_row import ListRow
from screens.widgets.panel import Panel
from screens.widgets.stack import show
from screens.widgets.text import Text


class Fact(Panel, BoxLayout):
    """A short fact: what is asked, and the answer in bold."""

    label = StringProperty("")
    value = StringProperty("")


class GuidePage(Page):
    """`tab` of the view says which wording is shown."""

    view = ObjectProperty(GuideView("", "", "plain", (), (), ()), rebind=True)

    def on_view(self, *_: object) -> None:
        """Another wording, or another item."""
        self.ids.paragraphs.show(Text, [{"words": words} for words in self.view.paragraphs])
        show(self.ids.facts, Fact, [{"label": label, "value": value} for label, value in self.view.facts])
        rows = self.view.materials
        self.ids.materials.show(
            ListRow,
            [
                {
                    "icon": "check" if row.tone == "good" else "papers",
                    "icon_tone": row.tone,
                    "title": row.name,
                    "line": row.line,
                    "badge": row.badge,
                    "tone": row.tone,
                    "last": row is rows[-1],
                }
                for row in rows
            ],
        )

    def tab(self, name: str) -> None:
        """Show the wording `name`, plain or formal."""
        self.send(ShowTab(name))


rules(__file__)
