"""A citizen's code (居民码) held to the scanner: the platform says whose it is, the terminal decodes nothing."""

from __future__ import annotations

import logging
import time
from typing import Literal

from contract.codes import LoginWay
from contract.logins import CodeCheck, IdentityAnswer
from drivers.code_scanner.events import CodeRead
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import CodeLoginView
from offline_cache.errors import PlatformError, Refused

log = logging.getLogger(__name__)

#: seconds the camera stays on; the codes of phone apps are renewed every 60 s
CAMERA_SECONDS = 60
#: seconds for the platform's answer, as live terminals allow
ANSWER_SECONDS = 5.0


class CodeLogin(Step):
    """The scanner's camera is on only here."""

    _state: Literal["waiting", "checking", "refused"] = "waiting"
    _problem = ""

    def enter(self) -> None:
        self._until = time.monotonic() + CAMERA_SECONDS
        scanner = self.parts.devices.code_scanner
        if scanner is not None:
            scanner.start(self.parts.post)

    def leave(self) -> None:
        scanner = self.parts.devices.code_scanner
        if scanner is not None:
            scanner.stop()

    def view(self) -> CodeLoginView:
        seconds = max(0, round(self._until - time.monotonic()))
        return CodeLoginView(self._state, self.say(self._problem) if self._problem else "", seconds)

    def buttons(self) -> tuple[str, str, bool]:
        return "button.return", "", False

    def handle(self, event: object) -> Step | None:
        match event:
            case CodeRead(text) if self._state != "checking":
                self._state, self._problem = "checking", ""
                self.parts.jobs(lambda: self._check(text), self._answered)
            case Tick() if time.monotonic() >= self._until and self._state != "checking":
                return self.journey.make("login")
            case intents.Back():
                return self.journey.make("login")
        return None

    def _check(self, text: str) -> IdentityAnswer | str:
        check = CodeCheck(raw=text, place=self.parts.settings.place, purpose="login")
        try:
            return self.parts.platform.check_code(check, ANSWER_SECONDS)
        except Refused:
            return "code_login.unknown"
        except PlatformError:
            return "code_login.unreachable"

    def _answered(self, answer: IdentityAnswer | str) -> None:
        if not self.current:
            return
        if isinstance(answer, IdentityAnswer) and answer.person is not None:
            self.journey.begin_visit(answer.person, LoginWay.CITIZEN_CODE)
            self.journey.go(self.journey.make("home"))
            return
        reason = answer if isinstance(answer, str) else f"code_login.{answer.refused}"
        log.warning("a code was refused: %s", reason)
        self._state, self._problem = "refused", reason
        self._until = time.monotonic() + CAMERA_SECONDS
