"""The document scanner: how to lay the paper in, and the pages as they come."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty

from kiosk.journey.intents import ChooseWay
from kiosk.journey.source_views import ScannerView
from screens.page import Page, rules
from screens.widgets.choice import ChoiceItem
from screens.widgets.page_tile import PageTile
from screens.widgets.stack import show


class ScannerPage(Page):
    """Ways to choose from while nothing is scanned; the newest page is marked."""

    view = ObjectProperty(ScannerView(), rebind=True)
    works = BooleanProperty(False)

    def on_view(self, *_: object) -> None:
        """Rows as there are ways, tiles as there are pages."""
        ways: list[dict[str, Any]] = [
            {
                "label": way.label,
                "help": way.line,
                "selected": way.chosen,
                "key": way.id,
                "control_id": f"way:{way.id}",
            }
            for way in self.view.ways
        ]
        self.ids.ways.show(ChoiceItem, ways, lambda row: self.send(ChooseWay(row.key)))
        tiles: list[dict[str, Any]] = [
            {"picture": picture, "number": place + 1, "control_id": ""} for place, picture in enumerate(self.view.pages)
        ]
        show(self.ids.pages, PageTile, tiles)


rules(__file__)
