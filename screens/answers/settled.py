"""An answer that was filled in from elsewhere: shown to be looked at, and opened where it is not right."""

from __future__ import annotations

from kiosk.journey.intents import Reopen
from screens.answers.answer import AnswerWidget
from screens.page import rules


class Settled(AnswerWidget):
    """What it says, and "not right" where it can be changed."""

    def reopen(self) -> None:
        """It is not right."""
        self.send(Reopen(self.field.path))


rules(__file__)
