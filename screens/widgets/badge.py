"""A small word in a coloured pill ("可以办"): its tone is said by the word as well as by the colour."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.panel import Panel
from screens.widgets.text import Text


class Badge(Panel, Text):
    """`words` in `tone`: good, care, plain or seal. Nothing when there are no words."""

    tone = StringProperty("plain")
