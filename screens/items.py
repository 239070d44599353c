"""A list of items: of one theme, or found while typing."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.intents import OpenItem, Search
from kiosk.journey.views import Chrome, ItemsView
from screens.home import item_rows
from screens.page import Page, rules
from screens.widgets.list_row import ListRow
from screens.widgets.text_field import TextField


class ItemsPage(Page):
    """Searching sends the text at each change; the field keeps what is being typed whatever comes back."""

    view = ObjectProperty(ItemsView("", False, "", ()), rebind=True)

    def update(self, view: ItemsView, chrome: Chrome) -> None:
        """Draw `view`; when searching begins, the keyboard rises."""
        opened = view.searching and not self.view.searching
        super().update(view, chrome)
        if opened:
            self.ids.query.put(view.query)
            self.tray.open(self.ids.query)

    def on_view(self, *_: object) -> None:
        """Other rows."""
        self.ids.rows.show(ListRow, item_rows(self.view.rows), self._item)

    def forget(self) -> None:
        """Forget what was searched for too."""
        self.ids.query.put("")
        super().forget()

    def write(self) -> None:
        """The search field was touched."""
        self.tray.open(self.ids.query)

    def search(self) -> None:
        """The text changed; pinyin letters count before a character is chosen, so that initials find at once."""
        field: TextField = self.ids.query
        if self.tray.field is not field:  # the page is being left
            return
        self.send(Search(field.text + field.composing.replace(" ", "")))

    def clear(self) -> None:
        """Empty the search field."""
        field: TextField = self.ids.query
        self.tray.open(field)
        self.tray.reset()
        field.clear()

    def _item(self, row: ListRow) -> None:
        self.send(OpenItem(row.key))


rules(__file__)
