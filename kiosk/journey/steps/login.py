"""Who is there: a card on the reader, or a code in another step."""

from __future__ import annotations

import logging
from datetime import date
from typing import Literal

from contract.codes import LoginWay
from drivers.id_card.events import CardFailed, CardRead, CardRemoved
from drivers.status import DeviceState, MediaState
from kiosk.identity import CardProblem, person_from_card
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import LoginView

log = logging.getLogger(__name__)

#: what the reader or the card itself can be wrong with -> the words for it
_PROBLEMS = {
    "lifted-early": "login.lifted_early",
    "wrong-kind": "login.wrong_kind",
    "expired": "login.expired",
    "not-yet-valid": "login.not_yet_valid",
    "bad-number": "login.unreadable",
}


class Login(Step):
    """Waits for a card; after a failure says what to do, and the card must be lifted and laid again."""

    _card: Literal["waiting", "reading", "failed", "out_of_service"] = "waiting"
    _problem = ""

    def enter(self) -> None:
        if self.journey.card_present and not self._problem:
            # read or failed before: the reader tells nothing more of it until it is lifted
            self._card, self._problem = "failed", "login.left_lying"

    def view(self) -> LoginView:
        return LoginView(
            card=self._card,
            problem=self.say(self._problem) if self._problem else "",
            code_available=self.parts.devices.code_scanner is not None,
        )

    def buttons(self) -> tuple[str, str, bool]:
        return "button.return", "", False

    def handle(self, event: object) -> Step | None:
        match event:
            case CardRead(card):
                try:
                    person = person_from_card(card, date.today())
                except CardProblem as error:
                    self._failed(error.reason)
                    return None
                self.journey.begin_visit(person, LoginWay.ID_CARD)
                return self.journey.make("home")
            case CardFailed(reason):
                self._failed(reason)
            case CardRemoved():
                self._card = "waiting"
            case Tick():
                self._look_at_reader()
            case intents.ShowCode():
                return self.journey.make("code_login")
            case intents.Back():
                return self.journey.make("attract")
        return None

    def _failed(self, reason: str) -> None:
        log.warning("a card was not read: %s", reason)
        self._card, self._problem = "failed", _PROBLEMS.get(reason, "login.unreadable")

    def _look_at_reader(self) -> None:
        reader = self.parts.devices.id_card
        if reader is None or reader.status.device is not DeviceState.ONLINE:
            self._card = "out_of_service"
        elif self._card != "failed":
            self._card = "reading" if reader.status.media is MediaState.PRESENT else "waiting"
