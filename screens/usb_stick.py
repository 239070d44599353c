"""The files of the citizen's USB stick, each a row to choose."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty

from kiosk.journey.intents import ChooseFile
from kiosk.journey.source_views import StickView
from screens.page import Page, rules
from screens.widgets.choice import ChoiceItem


class StickPage(Page):
    """A list of any length; it scrolls as every page does."""

    view = ObjectProperty(StickView(), rebind=True)

    def on_view(self, *_: object) -> None:
        """Rows as there are files."""
        rows: list[dict[str, Any]] = [
            {
                "label": row.name,
                "help": row.line,
                "selected": row.chosen,
                "many": True,
                "compact": True,
                "key": str(place),
                "control_id": f"file:{place}",
            }
            for place, row in enumerate(self.view.files)
        ]
        self.ids.files.show(ChoiceItem, rows, lambda row: self.send(ChooseFile(int(row.key))))


rules(__file__)
