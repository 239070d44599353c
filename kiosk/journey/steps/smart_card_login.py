"""The social security card (社会保障卡) in its slot."""

from __future__ import annotations

import logging
import time
from datetime import date
from typing import TYPE_CHECKING, Literal

from contract.codes import LoginWay
from drivers.smart_card.cards import Card, SocialSecurityCard
from drivers.smart_card.events import CardFailed, CardInserted, CardRead, CardRemoved
from drivers.status import DeviceState
from kiosk.identity import CardProblem, Proof
from kiosk.identity.assurance import BY_ITSELF
from kiosk.identity.social_security_card import person_from_social_security_card
from kiosk.journey import intents
from kiosk.journey.admission import Admission
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import SmartCardView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: seconds the page waits for a card
WAIT_SECONDS = 60
_PROBLEMS = {
    "mute": "smart_card.mute",
    "lifted-early": "smart_card.lifted_early",
    "needs-pin": "smart_card.needs_pin",
    "blocked": "smart_card.blocked",
    "expired": "smart_card.expired",
    "another-card": "smart_card.another_card",
    "left-in": "smart_card.left_in",
}


class SmartCardLogin(Step):
    """A card that failed must be taken out and put in again."""

    def __init__(self, journey: Journey, admission: Admission) -> None:
        super().__init__(journey)
        self._admission = admission
        self._state: Literal["waiting", "reading", "failed", "out_of_service"] = "waiting"
        self._problem = ""
        self._until = time.monotonic() + WAIT_SECONDS

    def enter(self) -> None:
        if self.journey.smart_card_present and self._state == "waiting":
            # read or failed before: the reader tells nothing more of it until it is taken out
            self._failed("left-in")

    def view(self) -> SmartCardView:
        seconds = max(0, round(self._until - time.monotonic()))
        return SmartCardView(self._state, self.say(self._problem) if self._problem else "", seconds)

    def buttons(self) -> tuple[str, str, bool]:
        return "button.return", "", False

    def handle(self, event: object) -> Step | None:
        match event:
            case CardInserted():
                self._state, self._problem = "reading", ""
            case CardRead(card):
                return self._read(card)
            case CardFailed(reason):
                self._failed(reason)
            case CardRemoved():
                self._state = "waiting"
            case Tick():
                return self._tick()
            case intents.Back():
                return self.journey.make("login", admission=self._admission)
        return None

    def _read(self, card: Card) -> Step | None:
        if not isinstance(card, SocialSecurityCard):
            self._failed("another-card")
            return None
        try:
            person = person_from_social_security_card(card, date.today())
        except CardProblem as error:
            self._failed(error.reason)
            return None
        way = LoginWay.SOCIAL_SECURITY_CARD
        return self._admission.admit(self.journey, Proof(person, way, BY_ITSELF[way]))

    def _tick(self) -> Step | None:
        reader = self.parts.devices.smart_card
        if reader is None or reader.status.device is not DeviceState.ONLINE:
            self._state = "out_of_service"
        elif self._state == "out_of_service":
            self._state = "waiting"
        if time.monotonic() >= self._until and self._state != "reading":
            return self.journey.make("login", admission=self._admission)
        return None

    def _failed(self, reason: str) -> None:
        log.warning("a social security card was not read: %s", reason)
        self._state, self._problem = "failed", _PROBLEMS.get(reason, "smart_card.unreadable")
        self._until = time.monotonic() + WAIT_SECONDS
