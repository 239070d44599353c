"""Who is there: a card on the reader or in the slot, or one of the tiles."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from contract.codes import LoginWay
from contract.logins import Purpose
from drivers.id_card.events import CardFailed, CardRead, CardRemoved
from drivers.smart_card import events as smart_card
from drivers.status import DeviceState, MediaState
from kiosk.identity import CardProblem, Proof, person_from_card
from kiosk.identity.assurance import BY_ITSELF
from kiosk.journey import intents
from kiosk.journey.admission import Admission
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import LoginView, WayTile

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: what the reader or the card itself can be wrong with -> the words for it
_PROBLEMS = {
    "lifted-early": "login.lifted_early",
    "wrong-kind": "login.wrong_kind",
    "expired": "login.expired",
    "not-yet-valid": "login.not_yet_valid",
    "bad-number": "login.unreadable",
}


@dataclass(frozen=True)
class _Way:
    """A tile: the step it opens, its icon, whether it asks the platform, and the kind of its failed attempts."""

    way: LoginWay
    step: str
    icon: str
    online: bool
    attempts: str = ""


_WAYS = (
    _Way(LoginWay.CITIZEN_CODE, "code_login", "qr", True, "citizen_code"),
    _Way(LoginWay.PHONE, "phone_login", "phone", True, "phone_login"),
    _Way(LoginWay.SOCIAL_SECURITY_CARD, "smart_card_login", "card", False),
    _Way(LoginWay.SMS, "sms_login", "dots", True),
)


class Login(Step):
    """Waits for a card; after a failure says what to do, and the card must be lifted and laid again.

    `problem` is why the citizen is here again; with `seconds` it names a wait and goes when that is over.
    """

    def __init__(
        self, journey: Journey, admission: Admission | None = None, problem: str = "", seconds: int = 0
    ) -> None:
        super().__init__(journey)
        self._admission = admission or Admission()
        self._card: Literal["waiting", "reading", "failed", "out_of_service"] = "waiting"
        self._problem = problem
        self._until = time.monotonic() + seconds if seconds else None

    def enter(self) -> None:
        if self.journey.card_present and self._offers_card:
            # read or failed before: the reader tells nothing more of it until it is lifted
            self._card = "failed"
            stepping_up = self._admission.purpose is Purpose.STEP_UP
            self._problem = self._problem or ("login.lay_again" if stepping_up else "login.left_lying")

    # what is shown

    def view(self) -> LoginView:
        stepping_up = self._admission.purpose is Purpose.STEP_UP
        seconds = max(0, round(self._until - time.monotonic())) if self._until else 0
        return LoginView(
            title=self.say("login.surer_title" if stepping_up else "login.title"),
            line=self.say("login.surer_line" if stepping_up else "login.line"),
            card=self._card if self._offers_card else None,
            problem=self.say(self._problem, seconds=seconds, phone=self.parts.settings.phone) if self._problem else "",
            ways=tuple(self._tile(way) for way in _WAYS if self._offers(way)),
            others=None if stepping_up else self._others(),
            others_chosen=self._admission.for_others,
        )

    @property
    def _face_camera(self) -> bool:
        return self.parts.devices.face_camera_url is not None

    @property
    def _offers_card(self) -> bool:
        return self._admission.offers(LoginWay.ID_CARD, self._face_camera)

    def _offers(self, way: _Way) -> bool:
        devices = self.parts.devices
        there = {
            LoginWay.CITIZEN_CODE: devices.code_scanner is not None,
            LoginWay.SOCIAL_SECURITY_CARD: devices.smart_card is not None,
        }
        return there.get(way.way, True) and self._admission.offers(way.way, self._face_camera)

    def _tile(self, way: _Way) -> WayTile:
        name, line = self.say(f"ways.{way.way}"), self.say(f"ways.{way.way}_line")
        wait = self.parts.cache.attempts.wait(way.attempts) if way.attempts else 0
        if wait:
            return WayTile(way.way, name, self.say("ways.wait", seconds=wait), way.icon, False)
        if way.online and self.journey.network == "offline":
            if way.way is LoginWay.CITIZEN_CODE and self._takes_offline_codes:
                return WayTile(way.way, name, self.say("ways.offline_code_line"), way.icon)
            return WayTile(way.way, name, self.say("ways.offline"), way.icon, False)
        return WayTile(way.way, name, line, way.icon)

    @property
    def _takes_offline_codes(self) -> bool:
        opens = self.journey.rules.site.offline_opens
        return bool(opens) and self._admission.offers(LoginWay.OFFLINE_CODE, self._face_camera)

    def _others(self) -> tuple[str, str]:
        asked = self._admission.for_others
        return self.say("login.others"), self.say("login.others_chosen" if asked else "login.others_button")

    def buttons(self) -> tuple[str, str, bool]:
        return "button.return", "", False

    # what happens

    def handle(self, event: object) -> Step | None:
        match event:
            case CardRead(card) if self._offers_card:
                try:
                    person = person_from_card(card, date.today())
                except CardProblem as error:
                    self._failed(error.reason)
                    return None
                level = BY_ITSELF[LoginWay.ID_CARD]
                return self._admission.admit(self.journey, Proof(person, LoginWay.ID_CARD, level, card.picture or b""))
            case CardFailed(reason):
                self._failed(reason)
            case CardRemoved():
                self._card = "waiting"
                if self._problem in ("login.left_lying", "login.lay_again"):
                    self._problem = ""
            case smart_card.CardInserted() | smart_card.CardRead() | smart_card.CardFailed() if self._takes_smart_card:
                step = self.journey.make("smart_card_login", admission=self._admission)
                return step.handle(event) or step
            case Tick():
                self._look_at_reader()
                if self._until and time.monotonic() >= self._until:
                    self._problem, self._until = "", None
            case intents.ChooseWay(way):
                return self._choose(way)
            case intents.ActFor() if self._admission.purpose is Purpose.LOGIN:
                self._admission = replace(self._admission, for_others=not self._admission.for_others)
            case intents.Back():
                return self._back()
        return None

    @property
    def _takes_smart_card(self) -> bool:
        return self._admission.offers(LoginWay.SOCIAL_SECURITY_CARD, self._face_camera)

    def _choose(self, way: str) -> Step | None:
        for known in _WAYS:
            if known.way == way and self._offers(known) and self._tile(known).available:
                return self.journey.make(known.step, admission=self._admission)
        return None

    def _back(self) -> Step:
        if self._admission.purpose is Purpose.STEP_UP:
            item = self._admission.task_code
            return self.journey.make("guide", code=item) if item else self.journey.make("acting_for")
        return self.journey.make("attract")

    def _failed(self, reason: str) -> None:
        log.warning("a card was not read: %s", reason)
        self._card, self._problem, self._until = "failed", _PROBLEMS.get(reason, "login.unreadable"), None

    def _look_at_reader(self) -> None:
        reader = self.parts.devices.id_card
        if reader is None or reader.status.device is not DeviceState.ONLINE:
            self._card = "out_of_service"
        elif self._card != "failed":
            self._card = "reading" if reader.status.media is MediaState.PRESENT else "waiting"
