"""What all ways to answer share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.properties import ObjectProperty

from kiosk.journey.intents import Answer, Intent
from kiosk.journey.views import Field
from screens.keyboard_tray import KeyboardTray
from screens.widgets.stack import Stack
from screens.widgets.text_field import TextField


class AnswerWidget(Stack):
    """Draws the answer of `field` and sends what the citizen does with it."""

    field = ObjectProperty(Field("", "note", ""), rebind=True)

    def __init__(self, field: Field, send: Callable[[Intent], None], tray: KeyboardTray, **values: Any) -> None:
        self.send = send
        self.tray = tray
        #: what the keyboard writes in, where it writes at all
        self.entry: TextField | None = None
        super().__init__(**values)
        self.field = field

    def show_field(self, field: Field) -> None:
        """Draw `field`."""
        self.field = field

    def answer(self, value: str) -> None:
        """Tell the form."""
        self.send(Answer(self.field.path, value))

    @property
    def slip(self) -> str:
        """What is wrong with what is typed, said before the form can say it; or ""."""
        return ""
