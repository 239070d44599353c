"""One field of the form: its label, what to write or choose, where a prefilled answer came from, and its error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.gridlayout import GridLayout

from kiosk.journey.views import Field
from kiosk.words import say
from screens.keyboard_tray import KeyboardTray
from screens.page import rules
from screens.theme import theme
from screens.widgets.choice import ChoiceItem
from screens.widgets.stack import Stack, show
from screens.widgets.text_field import DateField, TextField
from screens.widgets.wrapping import measure

#: from so many choices on, short ones stand in two columns
MANY_CHOICES = 7
#: the characters of a kind; others take any
ACCEPTED = {"date": "0123456789", "integer": "0123456789-", "decimal": "0123456789-."}
#: what an acknowledgement stores once given (ODK)
ACKNOWLEDGED = "OK"


class Choices(GridLayout):
    """The choices of one field, in two columns when there are many short ones."""


class FormField(Stack):
    """Draws a Field and calls `answer(field, value)` at each change.

    A field being typed into keeps its text, unless it has just been refused and the journey wants another.
    """

    field = ObjectProperty(Field("", "note", ""), rebind=True)
    label = StringProperty("")
    #: a date that is no day: said here, before the form can
    slip = StringProperty("")

    def __init__(self, field: Field, answer: Callable[[Field, str], None], tray: KeyboardTray) -> None:
        self._answer = answer
        self._tray = tray
        self._told: str | None = None
        self._error = ""
        super().__init__()
        self.field = field
        self.entry: TextField | None = None
        self._choices: Choices | None = None
        if field.kind in ("text", "integer", "decimal", "date"):
            self.entry = DateField() if field.kind == "date" else TextField()
            self.entry.bind(on_edit=self._edited, on_wanted=self._wanted)
            self.ids.answer.add_widget(self.entry)
        elif field.kind in ("select_one", "select_multiple", "acknowledge"):
            self._choices = Choices()
            self.ids.answer.add_widget(self._choices)

    def show_field(self, field: Field, heading: str) -> None:
        """Draw `field`; its label is left out where the page's heading already says it."""
        self.field = field
        self.label = "" if field.label == heading or field.kind in ("note", "acknowledge") else field.label
        if self.entry is not None:
            self._show_entry(self.entry, field)
        elif self._choices is not None:
            self._show_choices(self._choices, field)

    def _show_entry(self, entry: TextField, field: Field) -> None:
        entry.control_id = f"field:{field.path}"
        entry.control_name = field.label
        entry.control_field = field.path
        entry.readonly = field.readonly
        entry.keyboard = "digits" if field.kind in ("date", "integer", "decimal") else field.keyboard
        entry.accepts = ACCEPTED.get(field.kind, "")
        entry.hint = say("question.date_hint", theme.language) if field.kind == "date" else ""
        refused = bool(field.error) and field.error != self._error
        if field.value != self._told and (refused or not entry.focused):
            entry.put(field.value)
        self._told, self._error = field.value, field.error
        entry.wrong = bool(field.error or self.slip)

    def _show_choices(self, choices: Choices, field: Field) -> None:
        many = field.kind == "select_multiple"
        chosen = field.value.split() if many else [field.value]
        if field.kind == "acknowledge":
            rows = [(ACKNOWLEDGED, field.label, field.hint)]
        else:
            rows = [(row.value, row.label, row.help) for row in field.choices]
        room = (choices.width - 200) / 2 if choices.width > 200 else 300
        short = all(not help_ and measure(label, theme.choice, True) < room * 0.8 for _, label, help_ in rows)
        choices.cols = 2 if len(rows) >= MANY_CHOICES and short else 1
        show(
            choices,
            ChoiceItem,
            [
                {
                    "control_id": f"choice:{value}",
                    "control_field": field.path,
                    "key": value,
                    "label": label,
                    "help": help_,
                    "many": many or field.kind == "acknowledge",
                    "selected": value in chosen,
                    "disabled": field.readonly,
                }
                for value, label, help_ in rows
            ],
            self._chosen,
        )

    def _chosen(self, item: ChoiceItem) -> None:
        """Show the choice at once (the finger must see it) and tell the form."""
        self._tray.close()
        assert self._choices is not None
        items: list[Any] = list(reversed(self._choices.children))
        if item.many:
            item.selected = not item.selected
        else:
            for other in items:
                other.selected = other is item
        self._answer(self.field, " ".join(other.key for other in items if other.selected))

    def _wanted(self, entry: TextField) -> None:
        self._tray.open(entry)

    def _edited(self, entry: TextField, text: str) -> None:
        if isinstance(entry, DateField):
            self.slip = say("question.date_wrong", theme.language) if entry.impossible else ""
            entry.wrong = bool(self.slip)
            text = entry.iso
            if text == self._told:
                return
        self._told = text
        self._answer(self.field, text)


rules(__file__)
