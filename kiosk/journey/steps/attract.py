"""Nobody is here. A touch begins; so does a card laid on the reader."""

from __future__ import annotations

from drivers.id_card.events import CardFailed, CardRead
from drivers.smart_card.events import CardInserted
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import AttractView


class Attract(Step):
    """The attract screen: out of service, with the reason, while the terminal cannot serve anybody."""

    def enter(self) -> None:
        self._problem = self._why_closed()

    def view(self) -> AttractView:
        warning = self._problem or self._paper()
        return AttractView(open=not self._problem, problem=self.say(warning) if warning else "")

    def buttons(self) -> tuple[str, str, bool]:
        return "", "", False

    def handle(self, event: object) -> Step | None:
        match event:
            case Tick():
                self.journey.look_for_release()
                self._problem = self._why_closed()
            case intents.Start() if not self._problem:
                return self.journey.make("login")
            case CardRead() | CardFailed() | CardInserted() if not self._problem:
                login = self.journey.make("login")
                return login.handle(event) or login
        return None

    def _paper(self) -> str:
        """What to know of the printer before beginning, not in the middle."""
        if not self.journey.can_print:
            return "attract.no_print"
        return "attract.print_low" if self.journey.print_low else ""

    def _why_closed(self) -> str:
        if self.journey.release is None:
            return "attract.no_release"
        return "" if self.parts.cache.has_room() else "attract.no_room"
