"""Saved to be finished later: the code and its QR, until when, the slip, and what is not in it."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty

from kiosk.journey.intents import PaperSeen
from kiosk.journey.views import SavedView
from screens.done import PaperRow
from screens.page import Page, rules
from screens.widgets.message import Message


class SavedPage(Page):
    """Nothing to touch, but where nobody knows whether the slip came out."""

    view = ObjectProperty(SavedView(), rebind=True)
    there = BooleanProperty(False)

    def on_view(self, *_: object) -> None:
        """The slip, or what there is to know, changed."""
        rows = [{"paper": paper, "last": paper is self.view.papers[-1]} for paper in self.view.papers]
        for row in self.ids.papers.show(PaperRow, rows):
            row.unbind(on_seen=self._seen)
            row.bind(on_seen=self._seen)
        notes = [{"words": note, "tone": "plain", "icon": "info", "control_id": "note"} for note in self.view.notes]
        self.ids.notes.show(Message, notes)

    def _seen(self, row: PaperRow, came: bool) -> None:
        self.send(PaperSeen(row.paper.id, came))


rules(__file__)
