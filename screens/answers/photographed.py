"""An answer that is a picture or a paper: taken with the document camera."""

from __future__ import annotations

from kiosk.journey.intents import Photograph
from screens.answers.answer import AnswerWidget
from screens.page import rules


class Photographed(AnswerWidget):
    """A button to the camera; what has been taken is said, and can be taken again."""

    def take(self) -> None:
        """To the camera."""
        self.tray.close()
        self.send(Photograph(self.field.path))


rules(__file__)
