"""A step: one page of the journey. It decides where to go next and says what the screen shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.journey.views import View
from kiosk.words import say

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

Answer = TypeVar("Answer")


class Step(ABC):
    """The base of all steps. Created when it is entered, thrown away when it is left."""

    #: which part of the step line this page belongs to: "" for none
    part = ""
    #: its name in the table of steps and in that of the visit's rules
    name = ""
    #: what it was made with, so that the citizen can come back to it
    made_with: Mapping[str, Any] = {}

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.parts = journey.parts
        self.state = journey.state

    def enter(self) -> None:  # noqa: B027  (a hook; most steps need none)
        """Called once, when the step becomes the current one."""

    def leave(self) -> None:  # noqa: B027  (a hook; most steps need none)
        """Called once, when it no longer is: stop cameras, forget pictures."""

    @abstractmethod
    def view(self) -> View:
        """What the screen shows now."""

    def buttons(self) -> tuple[str, str, bool]:
        """Keys of the back and forward labels ("" for none), and whether forward can be pressed."""
        return "button.back", "button.next", True

    def handle(self, event: object) -> Step | None:
        """Take an intent, a device event or a Tick; the next step, or None to stay."""
        return None

    @property
    def current(self) -> bool:
        """Whether this step is still on the screen."""
        return self.journey.step is self

    def ask(self, work: Callable[[], Answer], then: Callable[[Answer], None]) -> None:
        """Do `work` away from the terminal's thread, and `then` with its answer on it, while this page is shown.

        For a page that was left before its turn came nothing is asked: touches without patience keep nobody waiting.
        """

        def answered(answer: Answer | None) -> None:
            if self.current:
                then(answer)  # type: ignore[arg-type]

        self.parts.jobs(lambda: work() if self.current else None, answered)

    def say(self, key: str, **values: object) -> str:
        """A text in the visit's language."""
        return say(key, self.journey.language, **values)
