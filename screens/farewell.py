"""Goodbye: take your card and papers with you."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.views import FarewellView
from screens.page import Page, rules


class FarewellPage(Page):
    """Goes away by itself."""

    leaves = False
    view = ObjectProperty(FarewellView(False, "", "", 0), rebind=True)


rules(__file__)
