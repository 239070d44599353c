"""The bar at the top: whose terminal this is, its number, how fresh its items are, care mode, language, clock."""

from __future__ import annotations

from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.intents import SetCare, SetLanguage
from kiosk.journey.views import Chrome
from screens.theme import theme


class SealMark(BoxLayout):
    """The mark 政."""


class TopBar(BoxLayout):
    """`send` gets the intents; `clock` is "14:26"."""

    chrome = ObjectProperty(Chrome("", "", ""), rebind=True)
    send = ObjectProperty(None)
    clock = StringProperty("")

    def toggle_care(self) -> None:
        """Turn care mode on or off."""
        self.send(SetCare(not theme.care))

    def other_language(self) -> None:
        """Change to the other language."""
        self.send(SetLanguage("en" if theme.language == "zh" else "zh"))
