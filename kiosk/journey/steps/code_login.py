"""A citizen's code (居民码, 电子社保卡, 鲁通码): the platform says whose it is, the terminal decodes nothing.

Without a network, and where the site's profile takes them, a signed offline code (离线码) is read instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.codes import LoginWay
from contract.logins import CodeCheck, IdentityAnswer
from kiosk.identity import Proof
from kiosk.identity.assurance import BY_ITSELF
from kiosk.identity.offline_codes import CodeProblem, OfflineCode, is_offline_code, read_offline_code
from kiosk.journey.admission import Admission
from kiosk.journey.step import Step
from kiosk.journey.steps.read_code import ReadCode
from offline_cache.errors import PlatformError, Refused

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

#: why an offline code is refused -> the words; everything else is a code nobody knows
_OFFLINE_PROBLEMS = {
    "expired": "code_login.expired",
    "not-yet-valid": "code_login.not_yet_valid",
    "used": "code_login.used",
    "other-terminal": "code_login.other_terminal",
    "clock-set-back": "code_login.clock",
    "not-here": "code_login.offline_not_here",
}


class CodeLogin(ReadCode):
    """Codes that nobody knows make the next one wait (visit_rules.toml, citizen_code)."""

    words = "citizen"

    def __init__(self, journey: Journey, admission: Admission) -> None:
        super().__init__(journey)
        self._admission = admission

    def back(self) -> Step:
        return self.journey.make("login", admission=self._admission)

    def read(self, text: str) -> Step | None:
        check = CodeCheck(
            raw=text[:4096],
            terminal_id=self.parts.settings.id,
            place=self.parts.settings.place,
            purpose=self._admission.purpose,
            task_code=self._admission.task_code,
        )
        self.check(lambda: self._ask(check), lambda answer: self._answered(answer, text))
        return None

    def _ask(self, check: CodeCheck) -> IdentityAnswer | str:
        try:
            return self.parts.identity.check_code(check)
        except Refused:
            # the terminal or its request is refused, not the code
            return "unavailable"
        except PlatformError:
            return "unreachable"

    def _answered(self, answer: IdentityAnswer | str, text: str) -> None:
        if isinstance(answer, IdentityAnswer) and answer.person is not None:
            if is_offline_code(text) and not self._first_use(text):
                self.refuse("code_login.used")
                return
            self.parts.cache.attempts.succeeded("citizen_code")
            self._admit(Proof(answer.person, LoginWay.CITIZEN_CODE, answer.assurance))
        elif answer == "unreachable" and is_offline_code(text):
            self._offline(text)
        else:
            reason = answer if isinstance(answer, str) else str(answer.refused)
            if reason == "unreachable" and self._takes_offline_codes:
                reason = "unreachable_offline"
            self.refuse(f"code_login.{reason}")
            if reason == "unknown" and self.parts.cache.attempts.failed("citizen_code"):
                self.journey.go(self.back())

    @property
    def _takes_offline_codes(self) -> bool:
        opens = self.journey.rules.site.offline_opens
        return bool(opens) and self._admission.offers(LoginWay.OFFLINE_CODE, False)

    def _offline(self, text: str) -> None:
        """The terminal judges by itself: signature, time, terminal, first use, and whether this site takes them."""
        cache = self.parts.cache
        try:
            if not self._takes_offline_codes:
                raise CodeProblem("not-here")
            if cache.clock.set_back():
                raise CodeProblem("clock-set-back")
            code = self._understood(text)
            if not cache.used_codes.take(code.id, code.expires, cache.clock.now()):
                raise CodeProblem("used")
        except CodeProblem as error:
            self.refuse(_OFFLINE_PROBLEMS.get(error.reason, "code_login.unknown"))
            return
        self._admit(Proof(code.holder, LoginWay.OFFLINE_CODE, BY_ITSELF[LoginWay.OFFLINE_CODE]))

    def _first_use(self, text: str) -> bool:
        """Whether an offline code that the platform took was never taken here; from now on it was, network or not."""
        try:
            code = self._understood(text)
        except CodeProblem:
            # by this terminal's clock or keys it opens nothing here offline
            return True
        return self.parts.cache.used_codes.take(code.id, code.expires, self.parts.cache.clock.now())

    def _understood(self, text: str) -> OfflineCode:
        """Raises CodeProblem."""
        keys = {key.id: bytes.fromhex(key.public) for key in self.journey.installed.about.identity_keys}
        return read_offline_code(text, keys, self.parts.cache.clock.now(), self.parts.settings.id)

    def _admit(self, proof: Proof) -> None:
        self.journey.go(self._admission.admit(self.journey, proof))
