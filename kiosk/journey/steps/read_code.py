"""A code held to the scanner: the base of every page that waits for one."""

from __future__ import annotations

import logging
import time
from abc import abstractmethod
from collections.abc import Callable
from typing import Literal

from drivers.code_scanner.events import CodeRead
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.step import Answer, Step
from kiosk.journey.views import CodeLoginView

log = logging.getLogger(__name__)

#: seconds the camera stays on; the codes of phone apps are renewed every 60 s
CAMERA_SECONDS = 60


class ReadCode(Step):
    """The scanner's camera is on only here. A subclass says which code is wanted, and what becomes of its text."""

    #: whose code: names the heading and the line of the page, `code_login.<words>_title` and `_line`
    words = ""
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
        return CodeLoginView(
            title=self.say(f"code_login.{self.words}_title"),
            line=self.say(f"code_login.{self.words}_line"),
            state=self._state,
            problem=self.say(self._problem) if self._problem else "",
            seconds=max(0, round(self._until - time.monotonic())),
        )

    def buttons(self) -> tuple[str, str, bool]:
        return "button.return", "", False

    def handle(self, event: object) -> Step | None:
        match event:
            case CodeRead(text) if self._state != "checking":
                return self.read(text)
            case Tick() if time.monotonic() >= self._until and self._state != "checking":
                return self.back()
            case intents.Back():
                return self.back()
        return None

    @abstractmethod
    def read(self, text: str) -> Step | None:
        """A code came. The text may be a person's: it goes nowhere but where it must."""

    @abstractmethod
    def back(self) -> Step:
        """The page this one was opened from."""

    def check(self, work: Callable[[], Answer], then: Callable[[Answer], None]) -> None:
        """Ask the platform; `then` is called if this page is still shown."""
        self._state, self._problem = "checking", ""
        self.ask(work, then)

    def refuse(self, problem: str) -> None:
        """Say why a code opens nothing; the camera stays on for the next."""
        log.warning("a code was refused: %s", problem)
        self._state, self._problem = "refused", problem
        self._until = time.monotonic() + CAMERA_SECONDS
