"""委托人: the person somebody acts for, by their ID card on the reader or by name and number."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING

from contract.identity import Person
from drivers.id_card.events import CardFailed, CardRead
from kiosk.identity import CardProblem, person_from_card
from kiosk.identity.numbers import birth_of, is_id_number, sex_of
from kiosk.journey import intents
from kiosk.journey.step import Step
from kiosk.journey.views import Field, QuestionView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

NAME, NUMBER = "name", "number"
_CARD_PROBLEMS = {"expired": "principal.card_expired", "not-yet-valid": "principal.card_expired"}


class NamePrincipal(Step):
    """The agent's own card may be lifted here: the principal's is laid in its place."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self._values = {NAME: "", NUMBER: ""}
        self._errors: dict[str, str] = {}

    def leave(self) -> None:
        self._values = {}

    def view(self) -> QuestionView:
        fields = (
            Field(
                NAME, "text", self.say("principal.name"), value=self._values.get(NAME, ""), required=True,
                error=self._errors.get(NAME, ""),
            ),
            Field(
                NUMBER, "text", self.say("principal.number"), value=self._values.get(NUMBER, ""), required=True,
                error=self._errors.get(NUMBER, ""), keyboard="id",
            ),
        )  # fmt: skip
        return QuestionView(self.say("principal.title"), self.say("principal.line"), fields)

    def handle(self, event: object) -> Step | None:
        match event:
            case CardRead(card):
                try:
                    return self._take(person_from_card(card, date.today()), card=True)
                except CardProblem as error:
                    self._errors[NAME] = self.say(_CARD_PROBLEMS.get(error.reason, "principal.card_unreadable"))
            case CardFailed():
                self._errors[NAME] = self.say("principal.card_unreadable")
            case intents.Answer(path, value) if path in self._values:
                self._values[path] = value.strip()
                self._errors.pop(path, None)
            case intents.Forward():
                return self._written()
            case intents.Back():
                return self.journey.make("acting_for")
        return None

    def _written(self) -> Step | None:
        name, number = self._values[NAME], self._values[NUMBER].upper()
        if not name:
            self._errors[NAME] = self.say("question.required")
        if not is_id_number(number):
            self._errors[NUMBER] = self.say("principal.bad_number")
        if self._errors:
            return None
        return self._take(Person(name=name, number=number, sex=sex_of(number), birth=birth_of(number)), card=False)

    def _take(self, person: Person, card: bool) -> Step | None:
        if self.state.person and person.number == self.state.person.number:
            self._errors[NUMBER] = self.say("principal.yourself")
            return None
        self.state.act_for(principal=person, card=card)
        self.journey.save()
        log.info("somebody acts for another: %s", "card read" if card else "name and number written")
        return self.journey.make("home")
