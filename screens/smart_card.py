"""The social security card goes into the slot."""

from __future__ import annotations

from kivy.properties import ObjectProperty
from kivy.uix.widget import Widget

from kiosk.journey.views import SmartCardView
from screens.page import Page, rules


class CardSlot(Widget):
    """A drawing of a card going into a slot, its chip ahead."""


class SmartCardPage(Page):
    """Nothing to touch: the reader feels the card."""

    view = ObjectProperty(SmartCardView(), rebind=True)


rules(__file__)
