"""The button that has a page read aloud, or stops it; not there where nothing can be read."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.intents import Intent, ReadAloud, StopReading
from screens.widgets.button import PushButton


class ReadButton(PushButton):
    """`aloud` is the chrome's. In care mode it has a row of its own, as tall as the buttons below."""

    aloud = ObjectProperty(None, allownone=True, rebind=True)

    @property
    def intent(self) -> Intent:
        """What a touch means."""
        return StopReading() if self.aloud is not None and self.aloud.reading else ReadAloud()
