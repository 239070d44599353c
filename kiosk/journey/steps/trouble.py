"""Something expected went wrong: what happened, what to do, and that nothing was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey import intents
from kiosk.journey.step import Step
from kiosk.journey.views import TroubleView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class Trouble(Step):
    """`kind` names the words: form (an item that cannot be opened), disk_full, paper_lost."""

    def __init__(self, journey: Journey, kind: str) -> None:
        super().__init__(journey)
        self._kind = kind

    def view(self) -> TroubleView:
        phone = self.parts.settings.phone
        return TroubleView(
            title=self.say(f"trouble.{self._kind}_title"),
            what=self.say(f"trouble.{self._kind}_what"),
            advice=self.say(f"trouble.{self._kind}_advice", phone=phone),
            kept=self.say(f"trouble.{self._kind}_kept"),
        )

    def buttons(self) -> tuple[str, str, bool]:
        return "", "button.home" if self._known else "button.finish", True

    def handle(self, event: object) -> Step | None:
        if isinstance(event, intents.Forward):
            return self.journey.make("home" if self._known else "farewell")
        return None

    @property
    def _known(self) -> bool:
        return self.state.person is not None and self.journey.release is not None
