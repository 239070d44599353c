"""The letter of commitment (承诺书), to be read in full before signing."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.views import CommitmentView
from screens.page import Page, rules
from screens.widgets.text import Text


class CommitmentPage(Page):
    """Only to be read."""

    view = ObjectProperty(CommitmentView("", ()), rebind=True)

    def on_view(self, *_: object) -> None:
        """Another letter."""
        self.ids.paragraphs.show(Text, [{"words": words} for words in self.view.paragraphs])


rules(__file__)
