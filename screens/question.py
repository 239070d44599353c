"""A page of the form: the heading is the question, the fields stand one under another."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import ObjectProperty

from kiosk.journey.intents import Confirm, Intent
from kiosk.journey.views import Field, QuestionView
from screens.form_field import FormField, way_of
from screens.page import Page, rules
from screens.widgets.confirmation import Confirmation

#: the path of the confirmation among a page's problems
CONFIRM = "confirm"
Shape = tuple[str, str, object]


class QuestionPage(Page):
    """Fields are kept while their paths stay the same, so that nothing is lost under the citizen's fingers."""

    view = ObjectProperty(QuestionView("", "", ()), rebind=True)

    def __init__(self, *values: Any) -> None:
        self._shape: tuple[Shape, ...] = ()
        self._focus = ""
        self._problems: tuple[tuple[str, str], ...] = ()
        self._confirmation = Confirmation(on_release=lambda _: self.confirm())
        super().__init__(*values)
        self.ids.summary.bind(on_problem=lambda _, path: self._lead(path))

    def on_view(self, *_: object) -> None:
        """Bring the fields in step with the view."""
        shape = tuple(_shape(field) for field in self.view.fields)
        rebuilt = shape != self._shape
        reopened = self._reopened(shape)
        if rebuilt:
            self._rebuild(shape)
        for block, field in zip(self._blocks(), self.view.fields, strict=True):
            block.show_field(field, heading=self.view.title)
        self._order_confirmation()
        if self.view.focus and (rebuilt or self.view.focus != self._focus):
            self._open(self.view.focus)
        elif reopened:
            self._open(reopened)
        self._focus = self.view.focus
        if self.view.problems and self.view.problems != self._problems:
            self.tray.close()
            self.scroll_y = 1
        self._problems = self.view.problems

    def forget(self) -> None:
        """Forget which field was to be opened too."""
        self._focus = ""
        super().forget()

    def confirm(self) -> None:
        """All of it is right."""
        self.tray.close()
        self.send(Confirm())

    def _reopened(self, shape: tuple[Shape, ...]) -> str:
        """The path of a prefilled answer that the citizen just said is not right, or ""."""
        before = {block.field.path for block in self._blocks() if block.field.settled}
        return next((field.path for field in self.view.fields if field.path in before and not field.settled), "")

    def _open(self, path: str) -> None:
        for block in self._blocks():
            field = block.field
            # where a place is still to be chosen, the keyboard would only cover it
            if field.path == path and block.entry is not None and not field.settled and not field.address.asks:
                self.tray.open(block.entry)

    def _lead(self, path: str) -> None:
        """From the summary to the field: into sight, and open to be written in."""
        if path == CONFIRM:
            self.scroll_to(self._confirmation, padding=dp(48), animate=False)
            return
        block = next((block for block in self._blocks() if block.field.path == path), None)
        if block is None:
            return
        self._open(path)
        # once the keyboard stands: all of the field, its error too
        Clock.schedule_once(lambda _: self._show(block), 0.1)

    def _show(self, block: FormField) -> None:
        if block.parent is not None and self.tray.field is None and self.children[0].height > self.height:
            self.scroll_to(block, padding=dp(48), animate=False)

    def _order_confirmation(self) -> None:
        """The confirmation stands under the last of the answers it is about."""
        fields, confirmation = self.ids.fields, self._confirmation
        confirmation.confirm, confirmation.error = self.view.confirm, self.view.confirm_error
        last = max((place for place, field in enumerate(self.view.fields) if field.source), default=-1)
        wanted = len(self.view.fields) - 1 - last if self.view.confirm else None
        there = fields.children.index(confirmation) if confirmation in fields.children else None
        if there != wanted:
            if confirmation.parent is not None:
                confirmation.parent.remove_widget(confirmation)
            if wanted is not None:
                fields.add_widget(confirmation, index=wanted)

    def _rebuild(self, shape: tuple[Shape, ...]) -> None:
        """Other fields: keep the blocks whose path and way are still there, in their new order."""
        stack = self.ids.fields
        there = {_shape(block.field): block for block in self._blocks()}
        if self.tray.field is not None and not any(
            there[key].entry is self.tray.field for key in shape if key in there
        ):
            self.tray.close()
        if not {path for path, *_ in shape} & {path for path, *_ in there}:
            self.scroll_y = 1
        stack.clear_widgets()
        for key, field in zip(shape, self.view.fields, strict=True):
            stack.add_widget(there.get(key) or FormField(field, self._send, self.tray))
        self._shape = shape

    def _blocks(self) -> list[FormField]:
        return [block for block in reversed(self.ids.fields.children) if isinstance(block, FormField)]

    def _send(self, intent: Intent) -> None:
        self.send(intent)


def _shape(field: Field) -> Shape:
    return field.path, field.kind, way_of(field)


rules(__file__)
