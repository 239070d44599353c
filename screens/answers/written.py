"""An answer that is written: text, numbers, money, names, a code, a place on the map."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.journey.intents import ReadBarcode
from kiosk.journey.views import Field
from screens.answers.answer import AnswerWidget
from screens.answers.typed import Typed
from screens.keyboards.layouts import LAYOUTS
from screens.page import rules
from screens.widgets.button import PushButton
from screens.widgets.text_field import TextField

#: the characters of a kind; others take any
ACCEPTED = {"integer": "0123456789-", "decimal": "0123456789-.", "money": "0123456789."}


class BesideButton(PushButton):
    """`does`: barcode (to the code scanner), rare (to the keyboard of rare characters), common_rare (back from it)."""

    does = StringProperty("")


class Written(AnswerWidget):
    """One entry; beside it a button where there is another way to fill it."""

    rare = BooleanProperty(False)

    def __init__(self, field: Field, *values: Any) -> None:
        super().__init__(field, *values)
        entry = TextField()
        entry.bind(on_edit=self._edited, on_wanted=lambda entry: self.tray.open(entry))
        self.ids.row.add_widget(entry)
        self._button = BesideButton(on_release=lambda _: self.press())
        self._typed = Typed(entry)
        self.entry: TextField = entry

    def show_field(self, field: Field) -> None:
        """Draw `field`."""
        super().show_field(field)
        entry = self.entry
        entry.control_id = f"field:{field.path}"
        entry.control_name = field.label
        entry.control_field = field.path
        entry.readonly = field.readonly
        entry.accepts = ACCEPTED.get("money" if field.look == "money" else field.kind, "")
        if not self.rare:
            entry.keyboard = field.keyboard
        can_rare = field.look == "name" and "rare_parts" in LAYOUTS and not field.readonly
        self._show_button("barcode" if field.kind == "barcode" else "rare" if can_rare else "")
        entry.wrong = bool(field.error)
        self._typed.show(field.value, field)

    def _show_button(self, beside: str) -> None:
        """The button stands in the row only where there is something to press."""
        button, row = self._button, self.ids.row
        button.control_id = f"beside:{self.field.path}"
        button.control_field = self.field.path
        button.does = f"common_{beside}" if self.rare else beside
        if bool(beside) != (button in row.children):
            (row.add_widget if beside else row.remove_widget)(button)

    def press(self) -> None:
        """The button beside the entry."""
        if self.field.kind == "barcode":
            self.tray.close()
            self.send(ReadBarcode(self.field.path))
            return
        self.rare = not self.rare
        self._show_button("rare")
        self.entry.keyboard = "rare_parts" if self.rare else self.field.keyboard
        self.tray.close()
        self.tray.open(self.entry)

    def _edited(self, _: TextField, text: str) -> None:
        self._typed.told = text
        self.answer(text)


rules(__file__)
