"""Goodbye: take your card and papers with you."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty

from kiosk.journey.views import FarewellView
from screens.page import Page, rules


class FarewellPage(Page):
    """Goes away by itself."""

    leaves = False
    view = ObjectProperty(FarewellView(False, "", "", 0), rebind=True)
    #: something is left behind
    reminds = BooleanProperty(False)

    def on_view(self, *_: object) -> None:
        """What is left behind changed."""
        self.reminds = self.view.card_present or self.view.stick_present


rules(__file__)
