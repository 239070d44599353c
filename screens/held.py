"""What the platform has of a material: a picture of its first page, what it is, and the two ways to go on."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty, StringProperty

from kiosk.journey.intents import ScanInstead
from kiosk.journey.views import HeldView
from screens.page import Page, rules
from screens.widgets.stack import Stack


class HeldFact(Stack):
    """What it is called, above what it says."""

    label = StringProperty("")
    value = StringProperty("")


class HeldPage(Page):
    """The forward button uses what is shown; the button on the page leads to the camera."""

    view = ObjectProperty(HeldView(), rebind=True)

    def on_view(self, *_: object) -> None:
        """Another thing, or its picture has come."""
        facts: list[dict[str, Any]] = [{"label": label, "value": value} for label, value in self.view.rows]
        self.ids.facts.show(HeldFact, facts)

    def scan(self) -> None:
        """The paper is scanned instead."""
        self.send(ScanInstead())


rules(__file__)
