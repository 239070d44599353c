"""A code that answers a question of the form, held to the scanner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.journey.step import Step
from kiosk.journey.steps.read_code import ReadCode

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class ReadAnswer(ReadCode):
    """The text of the code is the answer, if the form takes it."""

    words = "answer"
    part = "form"

    def __init__(self, journey: Journey, path: str, back: dict[str, Any]) -> None:
        super().__init__(journey)
        self._path, self._back = path, back

    def back(self) -> Step:
        return self.journey.make("form", **self._back)

    def read(self, text: str) -> Step | None:
        form = self.state.form
        assert form is not None
        if form.answer(self._path, text) is not None:
            self.refuse("code_login.answer_refused")
            return None
        self.journey.save()
        return self.back()
