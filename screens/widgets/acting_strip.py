"""The strip under the top bar that says for whom one acts, and who is there to help."""

from __future__ import annotations

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout


class ActingStrip(BoxLayout):
    """Shows `words`; of no height without any."""

    words = StringProperty("")
