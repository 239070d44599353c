"""A list of items: of one theme, or found while typing."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.intents import OpenItem, Search
from kiosk.journey.views import ItemsView, View
from screens.home import item_rows
from screens.page import Page, rules
from screens.widgets.list_row import ListRow
from screens.widgets.text_field import TextField


class ItemsPage(Page):
    """Searching sends the text at each change; the field keeps what is being typed whatever comes back."""

    view = ObjectProperty(ItemsView("", False, "", ()), rebind=True)

    def update(self, view: View, offline: bool = False) -> None:
        opened = view.searching and not self.view.searching
        super().update(view, offline)
        if opened:
            self.ids.query.put(view.query)
            self.tray.open(self.ids.query)

    def on_view(self, *_: object) -> None:
        self.ids.rows.show(ListRow, item_rows(self.view.rows), self._item)

    def forget(self) -> None:
        self.ids.query.put("")
        super().forget()

    def write(self) -> None:
        self.tray.open(self.ids.query)

    def search(self, text: str) -> None:
        self.send(Search(text))

    def clear(self) -> None:
        field: TextField = self.ids.query
        field.clear()
        self.tray.open(field)

    def _item(self, row: ListRow) -> None:
        self.send(OpenItem(row.key))


rules(__file__)
