"""帮办员: a helper shows their work code and is recorded beside the citizen; what is the citizen's alone is covered."""

from __future__ import annotations

import logging

from contract.logins import HelperAnswer
from kiosk.journey.step import Step
from kiosk.journey.steps.read_code import ReadCode
from offline_cache.errors import PlatformError

log = logging.getLogger(__name__)


class ReadHelper(ReadCode):
    """Nothing of the citizen goes to the platform with the helper's code."""

    words = "helper"

    def back(self) -> Step:
        return self.journey.make("home")

    def read(self, text: str) -> Step | None:
        if self.parts.cache.attempts.wait("helper_code"):
            self.refuse("code_login.helper_wait")
        else:
            self.check(lambda: self._ask(text[:4096]), self._answered)
        return None

    def _ask(self, text: str) -> HelperAnswer | str:
        try:
            return self.parts.identity.check_helper(text)
        except PlatformError:
            return "unavailable"

    def _answered(self, answer: HelperAnswer | str) -> None:
        attempts = self.parts.cache.attempts
        if isinstance(answer, HelperAnswer) and answer.helper is not None:
            attempts.succeeded("helper_code")
            self.state.helper = answer.helper
            self.journey.save()
            log.info("a helper is recorded")
            self.journey.go(self.journey.make("home"))
            return
        reason = answer if isinstance(answer, str) else str(answer.refused)
        if reason == "unknown":
            attempts.failed("helper_code")
        self.refuse(f"code_login.helper_{reason}")
