"""An address: province, city, county and town by large buttons, and the street as text."""

from __future__ import annotations

from typing import Any

from kivy.properties import NumericProperty

from kiosk.journey.intents import ChooseDivision
from kiosk.journey.views import Field
from screens.answers.answer import AnswerWidget
from screens.answers.typed import Typed
from screens.page import rules
from screens.widgets.button import PushButton
from screens.widgets.stack import show
from screens.widgets.text_field import TextField


class Placed(AnswerWidget):
    """The divisions chosen so far can each be touched to choose anew; what can be chosen next stands under them."""

    columns = NumericProperty(3)

    def __init__(self, field: Field, *values: Any) -> None:
        super().__init__(field, *values)
        entry = self.ids.street.__self__
        entry.bind(on_edit=self._edited, on_wanted=lambda entry: self.tray.open(entry))
        self.entry: TextField = entry
        self._typed = Typed(entry)

    def show_field(self, field: Field) -> None:
        """Draw `field`."""
        super().show_field(field)
        part = field.address
        show(
            self.ids.chosen,
            PushButton,
            [
                {"control_id": f"chosen:{row.value}", "control_field": field.path, "key": row.value, "label": row.label,
                 "kind": "pill", "selected": True, "fits": True, "icon": "check"}
                for row in part.chosen
            ],
            self._choose,
        )  # fmt: skip
        show(
            self.ids.options,
            PushButton,
            [
                {"control_id": f"division:{row.value}", "control_field": field.path, "key": row.value,
                 "label": row.label, "kind": "pill"}
                for row in part.options
            ],
            self._choose,
        )  # fmt: skip
        self.entry.control_id = f"field:{field.path}"
        self.entry.control_name = field.label
        self.entry.control_field = field.path
        self.entry.readonly = field.readonly
        self.entry.wrong = bool(field.error) and not part.asks
        self._typed.show(part.street, field)

    def skip(self) -> None:
        """The level that is asked for is left out."""
        self.send(ChooseDivision(self.field.path, ""))

    def _choose(self, button: PushButton) -> None:
        self.tray.close()
        self.send(ChooseDivision(self.field.path, button.key))

    def _edited(self, _: TextField, street: str) -> None:
        self._typed.told = street
        chosen = "".join(row.label for row in self.field.address.chosen)
        self.answer(chosen + street)


rules(__file__)
