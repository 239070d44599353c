"""A situation question (情形): its answer chooses materials and form pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey import intents
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.views import ChoiceRow, SituationView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class AskSituation(Step):
    """One question, large choices."""

    part = "situation"

    def __init__(self, journey: Journey, stop: Stop, backwards: bool = False) -> None:
        super().__init__(journey)
        self._stop = stop
        self._situation = journey.item.situations[stop.index]
        self._problem = ""

    def view(self) -> SituationView:
        situation, language = self._situation, self.journey.language
        choices = tuple(
            ChoiceRow(c.value, c.label.in_language(language), c.help.in_language(language) if c.help else "")
            for c in situation.choices
        )
        return SituationView(
            title=situation.question.in_language(language),
            help=situation.help.in_language(language) if situation.help else "",
            choices=choices,
            selected=self.state.situations.get(situation.id, ""),
            problem=self.say(self._problem) if self._problem else "",
        )

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Choose(value) if any(c.value == value for c in self._situation.choices):
                self.state.situations[self._situation.id] = value
                self._problem = ""
                self.journey.save()
            case intents.Forward():
                if self._situation.id not in self.state.situations:
                    self._problem = "situation.choose"
                    return None
                return self.journey.after(self._stop)
            case intents.Back():
                return self.journey.before(self._stop)
        return None
