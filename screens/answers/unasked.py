"""A question this terminal has no device for (a recording, a film): said plainly, so that nobody looks for a button."""

from __future__ import annotations

from screens.answers.answer import AnswerWidget
from screens.page import rules


class Unasked(AnswerWidget):
    """Says that it cannot be answered here."""


rules(__file__)
