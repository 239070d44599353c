"""For whom: oneself, somebody else (代理), or a company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.codes import Acting
from kiosk.journey import intents
from kiosk.journey.step import Step
from kiosk.journey.views import ChoiceRow, SituationView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class ActingFor(Step):
    """Chosen before an item is; whoever changes it begins the item anew."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self._chosen: str = self.state.acting

    def view(self) -> SituationView:
        choices = tuple(
            ChoiceRow(acting, self.say(f"acting_for.{acting}"), self.say(f"acting_for.{acting}_help"))
            for acting in Acting
        )
        return SituationView(self.say("acting_for.title"), self.say("acting_for.line"), choices, self._chosen)

    def buttons(self) -> tuple[str, str, bool]:
        return "button.home", "button.next", True

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Choose(value) if value in list(Acting):
                self._chosen = value
            case intents.Forward():
                if self._chosen == Acting.SELF and self.state.acting is not Acting.SELF:
                    self.state.act_for()
                    self.journey.save()
                if self._chosen == Acting.COMPANY:
                    return self.journey.to_companies()
                return self.journey.make("principal" if self._chosen == Acting.AGENT else "home")
            case intents.Back():
                return self.journey.make("home")
        return None
