"""One field of the form: its label, the way to answer it, where a prefilled answer came from, and its error."""

from __future__ import annotations

from collections.abc import Callable

from kivy.properties import ObjectProperty, StringProperty

from kiosk.journey.intents import Intent
from kiosk.journey.views import Field
from screens.answers.answer import AnswerWidget
from screens.answers.chosen import Chosen
from screens.answers.dated import Dated
from screens.answers.photographed import Photographed
from screens.answers.placed import Placed
from screens.answers.ranged import Ranged
from screens.answers.ranked import Ranked
from screens.answers.searched import Searched
from screens.answers.settled import Settled
from screens.answers.unasked import Unasked
from screens.answers.written import Written
from screens.keyboard_tray import KeyboardTray
from screens.page import rules
from screens.widgets.stack import Stack
from screens.widgets.text_field import TextField

WAYS: dict[str, type[AnswerWidget]] = {
    **dict.fromkeys(("select_one", "select_multiple", "acknowledge"), Chosen),
    **dict.fromkeys(("date", "time", "datetime"), Dated),
    **dict.fromkeys(("image", "file"), Photographed),
    **dict.fromkeys(("audio", "video"), Unasked),
    "rank": Ranked,
    "range": Ranged,
}


def way_of(field: Field) -> type[AnswerWidget] | None:
    """How a field is answered; None for what is only read."""
    if field.kind == "note":
        return None
    if field.settled:
        return Settled
    return {"search": Searched, "address": Placed}.get(field.look) or WAYS.get(field.kind, Written)


class FormField(Stack):
    """Draws a Field; what the citizen does with it goes out as intents."""

    field = ObjectProperty(Field("", "note", ""), rebind=True)
    label = StringProperty("")
    #: what is typed is no day: said here, before the form can
    slip = StringProperty("")

    def __init__(self, field: Field, send: Callable[[Intent], None], tray: KeyboardTray) -> None:
        super().__init__()
        self.field = field
        way = way_of(field)
        self.answer = way(field, send, tray) if way else None
        if self.answer is not None:
            self.ids.answer.add_widget(self.answer)
            if isinstance(self.answer, Dated):
                self.answer.bind(_slip=self._slipped)

    @property
    def entry(self) -> TextField | None:
        """What the keyboard writes in."""
        return self.answer.entry if self.answer is not None else None

    def show_field(self, field: Field, heading: str) -> None:
        """Draw `field`; its label is left out where the page's heading already says it."""
        self.field = field
        self.label = "" if field.label == heading or field.kind in ("note", "acknowledge") else field.label
        if self.answer is not None:
            self.answer.show_field(field)

    def _slipped(self, _: AnswerWidget, slip: str) -> None:
        self.slip = slip


rules(__file__)
