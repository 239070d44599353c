"""Several of the same, such as members of a family: those there are, and one more to add."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.intents import AddEntry, ChangeEntry, RemoveEntry
from kiosk.journey.views import RepeatView
from screens.page import Page, rules
from screens.widgets.entry_row import EntryItem


class RepeatPage(Page):
    """The forward button says that there are no more."""

    view = ObjectProperty(RepeatView("", "", ()), rebind=True)

    def on_view(self, *_: object) -> None:
        """Other entries, or one is about to be taken away."""
        before = len(self.ids.rows.children)
        made = self.ids.rows.show(
            EntryItem,
            [
                {
                    "key": row.path,
                    "place": place,
                    "label": row.label,
                    "line": row.line,
                    "removes": self.view.can_remove,
                    "removing": row.path == self.view.removing,
                }
                for place, row in enumerate(self.view.rows, start=1)
            ],
        )
        for item in made[before:]:
            item.bind(
                on_change=lambda item: self.send(ChangeEntry(item.key)),
                on_remove=lambda item, sure: self.send(RemoveEntry(item.key, sure)),
                on_keep=lambda _: self.send(RemoveEntry("")),
            )

    def add(self) -> None:
        """One more."""
        self.send(AddEntry())


rules(__file__)
