"""After handing in: what stands where, the papers that come out, the card not to forget, and the rating."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ColorProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.intents import PaperSeen, PrintAgain, Rate, SendRating, ToggleReason
from kiosk.journey.views import DoneView, Paper
from screens.page import Page, rules
from screens.widgets.button import PushButton
from screens.widgets.list_row import ListRow
from screens.widgets.panel import Panel
from screens.widgets.stack import Stack, show
from screens.widgets.text import Text
from screens.widgets.touchable import Touchable

_TONES = {"printed": "good", "uncertain": "seal", "failed": "seal"}
#: the ground of each face; what it means is said by the mouth and the word under it
_FACES = {"5": "#CDEBD8", "4": "#DDF0E3", "3": "#F3F0DE", "2": "#FCE3CC", "1": "#F7D0CC"}


class PaperRow(Stack):
    """A paper and its state; where nobody knows whether it came out, the citizen is asked; what surely did
    not can be tried again."""

    paper = ObjectProperty(Paper("", "", "", "", "waiting"), rebind=True)
    tone = StringProperty("plain")
    last = BooleanProperty(False)
    asks = BooleanProperty(False)

    __events__ = ("on_seen", "on_again")

    def on_paper(self, *_: object) -> None:
        """What is known of the paper changed."""
        self.tone = _TONES.get(self.paper.state, "plain")
        self.asks = self.paper.state == "uncertain"

    def on_seen(self, came: bool) -> None:
        """The citizen said whether it came out."""

    def on_again(self) -> None:
        """It shall be tried once more."""


class Face(Touchable, Panel, BoxLayout):
    """A level of the rating: a face and its name."""

    name = StringProperty("")
    wash = ColorProperty("#FFFFFF")
    chosen = BooleanProperty(False)


class DonePage(Page):
    """Says nothing the terminal does not know: received here and accepted there are different sentences."""

    view = ObjectProperty(DoneView("sending", "", "", "", "", ()), rebind=True)

    _level = ""

    def on_view(self, *_: object) -> None:
        """Papers, levels or reasons changed."""
        view: DoneView = self.view
        if view.level and view.level != self._level and not view.rated:
            Clock.schedule_once(self._show_end, 0.1)
        self._level = view.level
        # what is about to be printed is looked at, and nothing else
        looked_at = view.certificate is not None and view.certificate.seconds is not None
        papers = () if looked_at else view.papers
        rows: list[dict[str, Any]] = [{"paper": paper, "last": paper is papers[-1]} for paper in papers]
        for row in self.ids.papers.show(PaperRow, rows):
            row.unbind(on_seen=self._seen)
            row.unbind(on_again=self._again)
            row.bind(on_seen=self._seen, on_again=self._again)
        self.ids.number.show(ListRow, [self._number(view)] if view.number and not looked_at else [])
        levels = () if view.rated else view.levels
        faces = [
            {
                "control_id": f"level:{row.level}",
                "key": row.level,
                "name": row.name,
                "wash": _FACES[row.level],
                "chosen": row.level == view.level,
            }
            for row in levels
        ]
        show(self.ids.levels, Face, faces, self._rate)
        reasons = () if view.rated else view.reasons
        chips = [
            {
                "control_id": f"reason:{row.code}",
                "key": row.code,
                "label": row.text,
                "kind": "pill",
                "fits": True,
                "selected": row.chosen,
            }
            for row in reasons
        ]
        show(self.ids.reasons, PushButton, chips, self._reason)

    def spoken_texts(self) -> list[Text]:
        """What stands where; the rows of the papers are heard and not marked."""
        return [self.ids.title, self.ids.line]

    def _show_end(self, _: float) -> None:
        """The reasons and the send button come into sight."""
        self.scroll_y = 0

    @staticmethod
    def _number(view: DoneView) -> dict[str, object]:
        return {"title": view.number_label, "figure": view.number, "last": not view.papers}

    def _seen(self, row: PaperRow, came: bool) -> None:
        self.send(PaperSeen(row.paper.id, came))

    def _again(self, row: PaperRow) -> None:
        self.send(PrintAgain(row.paper.id))

    def _rate(self, face: Face) -> None:
        self.send(Rate(face.key))

    def _reason(self, chip: PushButton) -> None:
        self.send(ToggleReason(chip.key))

    def send_rating(self) -> None:
        """Hand the rating in."""
        self.send(SendRating())


rules(__file__)
