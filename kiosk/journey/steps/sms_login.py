"""No card at hand (没带证件): an ID number and its registered mobile number are typed, then the code sent to it."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Literal

from contract.codes import LoginWay
from contract.logins import IdentityAnswer, Refusal, SmsSent
from kiosk.identity import Proof
from kiosk.identity.assurance import BY_ITSELF
from kiosk.identity.numbers import is_id_number, is_mobile
from kiosk.journey import intents
from kiosk.journey.admission import Admission
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import Field, QuestionView
from offline_cache.errors import PlatformError

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

NUMBER, MOBILE, CODE = "number", "mobile", "code"
#: digits of the code
CODE_LENGTH = 6


class SmsLogin(Step):
    """First the numbers, then the code. What was typed is forgotten with the page."""

    def __init__(self, journey: Journey, admission: Admission) -> None:
        super().__init__(journey)
        self._admission = admission
        self._page: Literal["numbers", "code"] = "numbers"
        self._values = {NUMBER: "", MOBILE: "", CODE: ""}
        self._errors: dict[str, str] = {}
        self._challenge = ""
        self._ends = self._again = 0.0
        self._busy = False

    def leave(self) -> None:
        self._values = {}
        self._challenge = ""

    # what is shown

    def view(self) -> QuestionView:
        if self._page == "numbers":
            fields = (self._field(NUMBER, "id"), self._field(MOBILE, "number"))
            return QuestionView(self.say("sms_login.title"), self.say(self._line), fields, focus=NUMBER)
        left = max(0, round(self._ends - time.monotonic()))
        again = max(0, round(self._again - time.monotonic()))
        mobile = self._values[MOBILE]
        help_ = self.say("sms_login.code_line", mobile=f"{mobile[:3]} **** {mobile[-4:]}", minutes=-(-left // 60))
        more = self.say("sms_login.again_in", seconds=again) if again else self.say("sms_login.again")
        return QuestionView(
            self.say("sms_login.code_title"), f"{help_}{more}", (self._field(CODE, "number"),), focus=CODE
        )

    @property
    def _asked(self) -> tuple[str, ...]:
        """The fields of this page: what a message was sent for is not changed while its code is asked for."""
        return (NUMBER, MOBILE) if self._page == "numbers" else (CODE,)

    @property
    def _line(self) -> str:
        return "sms_login.sending" if self._busy else "sms_login.line"

    def _field(self, name: str, keyboard: Literal["id", "number"]) -> Field:
        error = self._errors.get(name, "")
        return Field(
            name, "text", self.say(f"sms_login.{name}"), value=self._values.get(name, ""), required=True, error=error,
            keyboard=keyboard,
        )  # fmt: skip

    def buttons(self) -> tuple[str, str, bool]:
        forward = "button.send_code" if self._page == "numbers" else "button.next"
        return "button.return" if self._page == "numbers" else "button.back", forward, not self._busy

    # what happens

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Answer(path, value) if path in self._asked and not self._busy:
                self._values[path] = value.strip().upper()
                self._errors.pop(path, None)
            case intents.Forward() if not self._busy:
                if self._page == "numbers":
                    self._send()
                else:
                    self._check()
            case intents.Back() if self._page == "code" and not self._busy:
                self._page, self._errors = "numbers", {}
                self._values[CODE] = ""
            case intents.Back():
                return self.journey.make("login", admission=self._admission)
            case Tick() if self._page == "code" and time.monotonic() >= self._ends and not self._busy:
                self._page, self._errors = "numbers", {MOBILE: self.say("sms_login.expired")}
                self._values[CODE] = ""
        return None

    def _send(self) -> None:
        number, mobile = self._values[NUMBER], self._values[MOBILE]
        self._errors = {}
        if not is_id_number(number):
            self._errors[NUMBER] = self.say("sms_login.bad_number" if number else "question.required")
        if not is_mobile(mobile):
            self._errors[MOBILE] = self.say("sms_login.bad_mobile" if mobile else "question.required")
        wait = 0 if self._errors else self._wait()
        if wait:
            self._errors[MOBILE] = self.say("sms_login.wait", seconds=wait)
        if not self._errors:
            self.parts.cache.attempts.failed("sms_numbers", self._who)
            self._busy = True
            self.ask(lambda: self._ask_to_send(number, mobile), self._sent)

    @property
    def _who(self) -> str:
        """Whom attempts are counted for: both numbers, so that whoever knows one of them shuts nobody out."""
        return f"{self._values[NUMBER]} {self._values[MOBILE]}"

    def _wait(self) -> int:
        attempts = self.parts.cache.attempts
        return max(attempts.wait("sms_numbers", self._who), attempts.wait("sms_code", self._who))

    def _ask_to_send(self, number: str, mobile: str) -> SmsSent | None:
        try:
            return self.parts.identity.send_sms(number, mobile)
        except PlatformError as error:
            log.info("no code by SMS (%s)", error)
            return None

    def _sent(self, sent: SmsSent | None) -> None:
        self._busy = False
        if sent is None or sent.refused is Refusal.UNAVAILABLE:
            self._errors[MOBILE] = self.say("sms_login.unreachable")
        elif sent.refused is not None:
            self._errors[MOBILE] = self.say("sms_login.wait", seconds=sent.again_in)
        else:
            self._page, self._challenge = "code", sent.challenge
            self._values[CODE] = ""
            self._ends = time.monotonic() + sent.expires_in
            self._again = time.monotonic() + sent.again_in

    def _check(self) -> None:
        code, challenge = self._values[CODE], self._challenge
        if len(code) != CODE_LENGTH or not code.isdigit():
            self._errors[CODE] = self.say("sms_login.six_digits")
            return
        wait = self.parts.cache.attempts.wait("sms_code", self._who)
        if wait:
            self._errors[CODE] = self.say("sms_login.wait", seconds=wait)
            return
        self._busy = True
        self.ask(lambda: self._ask_to_check(challenge, code), self._checked)

    def _ask_to_check(self, challenge: str, code: str) -> IdentityAnswer | None:
        try:
            return self.parts.identity.check_sms(challenge, code)
        except PlatformError:
            return None

    def _checked(self, answer: IdentityAnswer | None) -> None:
        self._busy = False
        attempts, who = self.parts.cache.attempts, self._who
        if answer is None or answer.refused is Refusal.UNAVAILABLE:
            self._errors[CODE] = self.say("sms_login.unreachable")
        elif answer.person is not None:
            attempts.succeeded("sms_code", who)
            attempts.succeeded("sms_numbers", who)
            proof = Proof(answer.person, LoginWay.SMS, BY_ITSELF[LoginWay.SMS])
            self.journey.go(self._admission.admit(self.journey, proof))
        else:
            self._refuse(answer.refused or Refusal.UNKNOWN)

    def _refuse(self, refusal: Refusal) -> None:
        log.warning("a code by SMS was refused: %s", refusal)
        self._values[CODE] = ""
        if refusal is Refusal.WRONG_CODE:
            self.parts.cache.attempts.failed("sms_code", self._who)
            self._errors[CODE] = self.say("sms_login.wrong_code")
            return
        self._page = "numbers"
        self._errors = {MOBILE: self.say("sms_login.too_many" if refusal is Refusal.TOO_MANY else "sms_login.expired")}
