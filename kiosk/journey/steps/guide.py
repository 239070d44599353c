"""The guide of an item (办事指南): what it is, how long, what it costs, what is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kiosk.items import guide_view
from kiosk.journey import intents
from kiosk.journey.route import route
from kiosk.journey.step import Step
from kiosk.journey.views import GuideView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class Guide(Step):
    """Plain words first; the formal wording one tap away."""

    def __init__(self, journey: Journey, code: str) -> None:
        super().__init__(journey)
        self._code = code
        self._tab: Literal["plain", "formal"] = "plain"

    def enter(self) -> None:
        if self.state.item != self._code:
            self.state.begin_item(self._code)

    def view(self) -> GuideView:
        item, language = self.journey.item, self.journey.language
        theme = next(
            (t.name.in_language(language) for t in self.journey.installed.about.themes if t.id == item.theme), ""
        )
        return guide_view(item, theme, self._tab, language)

    def buttons(self) -> tuple[str, str, bool]:
        item = self.journey.item
        if not item.at_terminal:
            return "button.return", "", False
        straight = not route(item, {})
        return "button.return", "button.print" if straight else "button.start", True

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.ShowTab("plain" | "formal" as tab):
                self._tab = tab
            case intents.Back():
                return self.journey.make("home")
            case intents.Forward() if self.journey.item.at_terminal:
                return self.journey.into_item()
        return None
