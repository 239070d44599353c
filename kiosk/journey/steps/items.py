"""Items in a list: those of a theme, or those a search finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.items import item_row
from kiosk.journey import intents
from kiosk.journey.step import Step
from kiosk.journey.views import ItemsView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

#: the theme that holds every item
ALL = "all"


class Items(Step):
    """`theme` lists a theme; without one the keyboard is up and `query` is searched for."""

    def __init__(self, journey: Journey, theme: str = "", query: str = "") -> None:
        super().__init__(journey)
        self._theme, self._query = theme, query

    def view(self) -> ItemsView:
        release, language = self.journey.installed, self.journey.language
        guessed = False
        if self._theme:
            items = [i for i in release.items.values() if self._theme in (ALL, i.theme)]
            title = next((t.name.in_language(language) for t in release.about.themes if t.id == self._theme), "")
            # what can be done here comes before what can only be read about
            items.sort(key=lambda item: not item.at_terminal)
        else:
            found = release.search.find(self._query)
            items = [release.items[each.task_code] for each in found]
            title = self.say("items.search")
            guessed = any(each.why.guessed for each in found)
        rows = tuple(item_row(item, language, self.journey.can_print) for item in items)
        return ItemsView(title, not self._theme, self._query, rows, guessed)

    def buttons(self) -> tuple[str, str, bool]:
        return "button.home", "", False

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Search(text) if not self._theme:
                self._query = text
            case intents.OpenItem(code) if code in self.journey.installed.items:
                return self.journey.make("guide", code=code)
            case intents.Back():
                return self.journey.make("home")
        return None
