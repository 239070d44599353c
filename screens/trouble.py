"""Something went wrong that was to be expected: what happened, what to do, and that nothing was lost."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.views import TroubleView
from screens.page import Page, rules


class TroublePage(Page):
    """Three short paragraphs, what to do first among them in size."""

    view = ObjectProperty(TroubleView("", "", "", ""), rebind=True)


rules(__file__)
