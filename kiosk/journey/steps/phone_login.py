"""The terminal's own code, scanned by the citizen's phone: OAuth 2.0 device authorization (RFC 8628)."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Literal

from contract.codes import LoginWay
from contract.logins import DeviceAuthorization, IdentityAnswer
from kiosk.identity import Proof
from kiosk.journey import intents
from kiosk.journey.admission import Admission
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import PhoneLoginView
from offline_cache.errors import PlatformError
from offline_cache.identity_service import PhoneEnds, PhoneWaits

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: RFC 8628 section 3.5: how much longer to wait after slow_down
SLOWER = 5.0
#: seconds before its end a code is replaced: nobody scans one that runs out in the hand
RENEW_BEFORE = 5.0
#: codes shown one after the other without a touch
MOST_CODES = 3


class PhoneLogin(Step):
    """Shows a code, asks the platform as often as it may, renews the code by itself a few times."""

    def __init__(self, journey: Journey, admission: Admission) -> None:
        super().__init__(journey)
        self._admission = admission
        self._state: Literal["asking", "waiting", "over"] = "asking"
        self._code: DeviceAuthorization | None = None
        self._problem = ""
        self._shown = 0
        self._ends = self._next_poll = 0.0
        self._interval = 5.0
        self._polling = False

    def enter(self) -> None:
        self._ask_for_code()

    def leave(self) -> None:
        self._code = None

    def view(self) -> PhoneLoginView:
        code = self._code if self._state == "waiting" else None
        return PhoneLoginView(
            state=self._state,
            code=code.verification_uri_complete if code else "",
            user_code=code.user_code if code else "",
            address=code.verification_uri.partition("://")[2] if code else "",
            seconds=max(0, round(self._ends - time.monotonic())) if code else 0,
            problem=self.say(self._problem) if self._problem else "",
        )

    def buttons(self) -> tuple[str, str, bool]:
        over = self._state == "over"
        return "button.return", "button.another_code" if over else "", over

    def handle(self, event: object) -> Step | None:
        match event:
            case Tick() if self._state == "waiting":
                self._tick()
            case intents.Forward() if self._state == "over":
                self._shown = 0
                self._ask_for_code()
            case intents.Back():
                return self.journey.make("login", admission=self._admission)
        return None

    # a code

    def _ask_for_code(self) -> None:
        self._state, self._problem, self._code = "asking", "", None
        self.ask(self._begin, self._begun)

    def _begin(self) -> DeviceAuthorization | None:
        try:
            return self.parts.identity.begin_phone_login()
        except PlatformError as error:
            log.info("no code for the phone (%s)", error)
            return None

    def _begun(self, code: DeviceAuthorization | None) -> None:
        if code is None:
            self._over("phone_login.unreachable")
            return
        self._shown += 1
        self._state, self._code, self._interval = "waiting", code, float(code.interval)
        self._ends = time.monotonic() + code.expires_in - RENEW_BEFORE
        self._next_poll = time.monotonic() + self._interval

    # the waiting

    def _tick(self) -> None:
        now = time.monotonic()
        if now >= self._ends:
            self._run_out()
        elif now >= self._next_poll and not self._polling and self._code:
            self._polling = True
            device_code = self._code.device_code
            self.ask(lambda: self._poll(device_code), lambda said: self._polled(said, device_code))

    def _run_out(self) -> None:
        if self._shown < MOST_CODES:
            self._ask_for_code()
        else:
            self._over("phone_login.expired")

    def _poll(self, device_code: str) -> IdentityAnswer | PhoneWaits | PhoneEnds | Literal["unreachable"]:
        try:
            return self.parts.identity.poll_phone_login(device_code)
        except PlatformError:
            return "unreachable"

    def _polled(self, said: IdentityAnswer | str, device_code: str) -> None:
        self._polling = False
        if self._code is None or self._code.device_code != device_code:
            return
        if isinstance(said, IdentityAnswer):
            self._known(said)
            return
        if said == "slow_down" or said == "unreachable":
            # section 3.5: five seconds more after slow_down, and the same care where nothing answers
            self._interval += SLOWER
        self._next_poll = time.monotonic() + self._interval
        if said == "expired_token":
            self._run_out()
        elif said == "access_denied":
            self.parts.cache.attempts.failed("phone_login")
            self._over("phone_login.denied")
        elif said == "refused":
            self._over("phone_login.refused")

    def _known(self, answer: IdentityAnswer) -> None:
        if answer.person is None:
            self._over("phone_login.refused")
            return
        self.parts.cache.attempts.succeeded("phone_login")
        proof = Proof(answer.person, LoginWay.PHONE, answer.assurance)
        self.journey.go(self._admission.admit(self.journey, proof))

    def _over(self, problem: str) -> None:
        log.warning("a phone login is over: %s", problem)
        self._state, self._problem, self._code = "over", problem, None
