"""A page of the form: the heading is the question, the fields stand one under another."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty

from kiosk.journey.intents import Answer
from kiosk.journey.views import Field, QuestionView
from screens.form_field import FormField
from screens.page import Page, rules


class QuestionPage(Page):
    """Fields are kept while their paths stay the same, so that nothing is lost under the citizen's fingers."""

    view = ObjectProperty(QuestionView("", "", ()), rebind=True)

    def __init__(self, *values: Any) -> None:
        self._shape: tuple[tuple[str, str], ...] = ()
        self._focus = ""
        super().__init__(*values)

    def on_view(self, *_: object) -> None:
        """Bring the fields in step with the view."""
        shape = tuple((field.path, field.kind) for field in self.view.fields)
        rebuilt = shape != self._shape
        if rebuilt:
            self._rebuild(shape)
        for block, field in zip(self._blocks(), self.view.fields, strict=True):
            block.show_field(field, heading=self.view.title)
        if self.view.focus and (rebuilt or self.view.focus != self._focus):
            for block in self._blocks():
                if block.field.path == self.view.focus and block.entry is not None:
                    self.tray.open(block.entry)
        self._focus = self.view.focus

    def forget(self) -> None:
        """Forget which field was to be opened too."""
        self._focus = ""
        super().forget()

    def _rebuild(self, shape: tuple[tuple[str, str], ...]) -> None:
        """Other fields: keep the blocks whose path and kind are still there, in their new order."""
        stack = self.ids.fields
        there = {(block.field.path, block.field.kind): block for block in self._blocks()}
        if self.tray.field is not None and not any(
            there[key].entry is self.tray.field for key in shape if key in there
        ):
            self.tray.close()
        if not set(shape) & set(there):
            self.scroll_y = 1
        stack.clear_widgets()
        for key, field in zip(shape, self.view.fields, strict=True):
            stack.add_widget(there.get(key) or FormField(field, self._answer, self.tray))
        self._shape = shape

    def _blocks(self) -> list[FormField]:
        return list(reversed(self.ids.fields.children))

    def _answer(self, field: Field, value: str) -> None:
        self.send(Answer(field.path, value))


rules(__file__)
