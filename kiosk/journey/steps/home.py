"""王女士，您好: what would you like to do?"""

from __future__ import annotations

from typing import Literal

from contract.codes import Acting
from kiosk.identity import greeting
from kiosk.items import popular_rows
from kiosk.journey import intents
from kiosk.journey.step import Step
from kiosk.journey.views import HomeView, Tile


class Home(Step):
    """Search, themes, and what is often done here."""

    def enter(self) -> None:
        self.state.begin_item("")

    def view(self) -> HomeView:
        release, language = self.journey.installed, self.journey.language
        return HomeView(
            greeting=greeting(self.state.person, language) if self.state.person else "",
            themes=tuple(Tile(t.id, t.name.in_language(language), t.icon) for t in release.about.themes),
            popular=popular_rows(release.items.values(), language, self.journey.can_print),
            with_others=self._with_others(),
        )

    def _with_others(self) -> tuple[tuple[Literal["continue_saved", "act_for", "helper"], str, str], ...]:
        acting = "home.change_acting" if self.state.acting is not Acting.SELF else "home.act_for_button"
        rows: list[tuple[Literal["continue_saved", "act_for", "helper"], str, str]] = []
        if self._saves:
            rows.append(("continue_saved", self.say("home.saved"), self.say("home.saved_button")))
        rows.append(("act_for", self.say(f"home.acting_{self.state.acting}"), self.say(acting)))
        if self.state.helper is None and self.parts.devices.code_scanner is not None:
            rows.append(("helper", self.say("home.helper"), self.say("home.helper_button")))
        return tuple(rows)

    @property
    def _saves(self) -> bool:
        return self.journey.rules.site.saved_days > 0

    def buttons(self) -> tuple[str, str, bool]:
        return "", "", False

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.OpenSearch():
                return self.journey.make("items")
            case intents.OpenTheme(theme):
                return self.journey.make("items", theme=theme)
            case intents.ActFor():
                return self.journey.make("acting_for")
            case intents.ContinueSaved() if self._saves:
                return self.journey.make("continue_saved")
            case intents.CallHelper() if self.state.helper is None and self.parts.devices.code_scanner is not None:
                return self.journey.make("helper_code")
            case intents.OpenItem(code) if code in self.journey.installed.items:
                return self.journey.make("guide", code=code)
        return None
