"""What would you like to do: search, themes, and what is often done here."""

from __future__ import annotations

from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.intents import ActFor, CallHelper, ContinueSaved, OpenItem, OpenSearch, OpenTheme
from kiosk.journey.views import HomeView, ItemRow
from screens.page import Page, rules
from screens.widgets.list_row import ListRow
from screens.widgets.panel import Panel
from screens.widgets.stack import show
from screens.widgets.touchable import Touchable


class ThemeTile(Touchable, Panel, BoxLayout):
    """A theme: its icon over its name."""

    name = StringProperty("")
    icon = StringProperty("")


def item_rows(rows: tuple[ItemRow, ...]) -> list[dict[str, object]]:
    """What a ListRow shows of each item."""
    return [
        {
            "control_id": f"item:{row.code}",
            "key": row.code,
            "title": row.name,
            "line": row.line,
            "badge": row.badge,
            "tone": row.tone,
            "last": row is rows[-1],
        }
        for row in rows
    ]


class HomePage(Page):
    """The search box is a button: searching has a page of its own."""

    view = ObjectProperty(HomeView("", (), ()), rebind=True)

    def on_view(self, *_: object) -> None:
        """Other themes or items."""
        tiles = [
            {"control_id": f"theme:{tile.id}", "key": tile.id, "name": tile.name, "icon": tile.icon}
            for tile in self.view.themes
        ]
        show(self.ids.themes, ThemeTile, tiles, self._theme)
        self.ids.popular.show(ListRow, item_rows(self.view.popular), self._item)
        others = [
            {
                "control_id": row[0],
                "key": row[0],
                "title": row[1],
                "action": row[2],
                "asks": True,
                "last": row is self.view.with_others[-1],
            }
            for row in self.view.with_others
        ]
        self.ids.with_others.show(ListRow, others, self._with_others)

    def search(self) -> None:
        """Open the search."""
        self.send(OpenSearch())

    def _theme(self, tile: ThemeTile) -> None:
        self.send(OpenTheme(tile.key))

    def _item(self, row: ListRow) -> None:
        self.send(OpenItem(row.key))

    def _with_others(self, row: ListRow) -> None:
        self.send({"act_for": ActFor(), "helper": CallHelper(), "continue_saved": ContinueSaved()}[row.key])


rules(__file__)
