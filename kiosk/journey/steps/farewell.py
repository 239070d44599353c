"""Nothing is forgotten: the card, the papers. Then the terminal is as if nobody had been there."""

from __future__ import annotations

import time

from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import FarewellView

#: seconds the farewell stays when there is no card to take
SHORT_SECONDS = 4
#: seconds it reminds of a card left lying; then the terminal is free for the next citizen all the same
CARD_SECONDS = 45


class Farewell(Step):
    """The visit has ended already: nothing of the citizen is known here."""

    def enter(self) -> None:
        language, care = self.journey.language, self.journey.care
        self.journey.end_visit()
        self.state = self.journey.state
        # the last page still speaks the citizen's language
        self.journey.language, self.journey.care = language, care
        self._had_card = self._card_present
        self._until = time.monotonic() + (CARD_SECONDS if self._had_card else SHORT_SECONDS)

    def leave(self) -> None:
        self.journey.language, self.journey.care = "zh", False

    @property
    def _card_present(self) -> bool:
        return self.journey.card_present or self.journey.smart_card_present

    @property
    def _card_words(self) -> tuple[str, str]:
        if self.journey.card_present:
            return "farewell.take_card", "farewell.card_line"
        return "farewell.take_smart_card", "farewell.smart_card_line"

    def view(self) -> FarewellView:
        present = self._card_present
        title, line = self._card_words
        return FarewellView(
            card_present=present,
            title=self.say(title if present else "farewell.title"),
            line=self.say(line if present else "farewell.line"),
            seconds=max(0, round(self._until - time.monotonic())),
        )

    def buttons(self) -> tuple[str, str, bool]:
        return "", "", False

    def handle(self, event: object) -> Step | None:
        match event:
            case Tick() if time.monotonic() >= self._until or (self._had_card and not self._card_present):
                return self.journey.make("attract")
            case intents.Start():
                return self.journey.make("attract")
        return None
