"""A message beside what it is about: a sign and words in a coloured card. No words, no card."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.panel import Panel
from screens.widgets.stack import Stack


class Message(Panel, Stack):
    """`words` in `tone`: seal for what went wrong, care for what to mind, good and plain for the rest."""

    words = StringProperty("")
    tone = StringProperty("seal")
    icon = StringProperty("warn")
    control_id = StringProperty("message")
