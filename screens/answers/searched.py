"""An answer found in a long list: the list grows shorter with each letter."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty

from kiosk.journey.intents import SearchChoices
from kiosk.journey.views import ChoiceRow, Field
from screens.answers.answer import AnswerWidget
from screens.page import rules
from screens.widgets.choice import ChoiceItem
from screens.widgets.text_field import TextField


class Searched(AnswerWidget):
    """What is chosen, the field to search with, and what was found. Chosen one: the list folds away."""

    #: the list is open: nothing is chosen yet, or something else is wanted
    open = BooleanProperty(True)

    def __init__(self, field: Field, *values: Any) -> None:
        super().__init__(field, *values)
        self.open = not field.value or field.kind == "select_multiple"
        entry = self.ids.query.__self__
        entry.bind(on_edit=self._search, composing=self._search, on_wanted=lambda entry: self.tray.open(entry))
        self.entry: TextField = entry
        self.bind(open=self._fold)
        self._fold()

    def show_field(self, field: Field) -> None:
        """Draw `field`."""
        if field.value and field.value != self.field.value and field.kind == "select_one":
            self.open = False
        super().show_field(field)
        many = field.kind == "select_multiple"
        picked = {row.value for row in field.picked}
        self.ids.picked.show(ChoiceItem, [self._row(row, True, many) for row in field.picked], self._chosen)
        found = [row for row in field.choices if row.value not in picked] if self.open else []
        self.ids.found.show(ChoiceItem, [self._row(row, False, many) for row in found], self._chosen)

    def _row(self, row: ChoiceRow, selected: bool, many: bool) -> dict[str, Any]:
        return {
            "control_id": f"choice:{row.value}",
            "control_field": self.field.path,
            "key": row.value,
            "label": row.label,
            "help": row.help,
            "many": many,
            "selected": selected,
            "disabled": self.field.readonly,
            "compact": True,
        }

    def _fold(self, *_: object) -> None:
        """What is folded away is not there, so that no touch meant for the button beneath ends in it."""
        search = self.ids.search
        if self.open != bool(search.children):
            (search.add_widget if self.open else search.remove_widget)(self.entry)

    def again(self) -> None:
        """Something else than what is chosen."""
        self.open = True
        self.show_field(self.field)
        self.tray.open(self.entry)

    def _search(self, *_: object) -> None:
        """Pinyin letters count before a character is chosen, so that initials find at once."""
        if self.tray.field is self.entry:
            self.send(SearchChoices(self.field.path, self.entry.text + self.entry.composing.replace(" ", "")))

    def _chosen(self, item: ChoiceItem) -> None:
        if self.field.kind == "select_multiple":
            values = [row.value for row in self.field.picked if row.value != item.key]
            self.answer(" ".join(values if item.selected else [*values, item.key]))
            return
        if item.selected:
            self.again()
            return
        self.tray.close()
        self.entry.put("")
        self.answer(item.key)
        self.send(SearchChoices(self.field.path, ""))


rules(__file__)
