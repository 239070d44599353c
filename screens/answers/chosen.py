"""An answer chosen from a few: large rows, in two columns when there are many short ones."""

from __future__ import annotations

from typing import Any

from kivy.uix.gridlayout import GridLayout

from kiosk.journey.views import Field
from screens.answers.answer import AnswerWidget
from screens.page import rules
from screens.theme import theme
from screens.widgets.choice import ChoiceItem
from screens.widgets.stack import show
from screens.widgets.wrapping import measure

#: from so many choices on, short ones stand in two columns
MANY_CHOICES = 7
#: what an acknowledgement stores once given (ODK)
ACKNOWLEDGED = "OK"


class Choices(GridLayout):
    """The choices of one field."""


class Chosen(AnswerWidget):
    """One of several, any of several, or an acknowledgement."""

    def __init__(self, field: Field, *values: Any) -> None:
        super().__init__(field, *values)
        self._choices = Choices()
        self.add_widget(self._choices)

    def show_field(self, field: Field) -> None:
        """Draw `field`."""
        super().show_field(field)
        many = field.kind == "select_multiple"
        chosen = field.value.split() if many else [field.value]
        if field.kind == "acknowledge":
            rows = [(ACKNOWLEDGED, field.label, field.hint, b"")]
        else:
            rows = [(row.value, row.label, row.help, row.picture) for row in field.choices]
        choices = self._choices
        room = (choices.width - 200) / 2 if choices.width > 200 else 300
        short = all(not help_ and measure(label, theme.choice, True) < room * 0.8 for _, label, help_, _ in rows)
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
                    "picture": picture,
                    "many": many or field.kind == "acknowledge",
                    "selected": value in chosen,
                    "disabled": field.readonly,
                }
                for value, label, help_, picture in rows
            ],
            self._chosen,
        )

    def _chosen(self, item: ChoiceItem) -> None:
        """Show the choice at once (the finger must see it) and tell the form."""
        self.tray.close()
        items: list[Any] = list(reversed(self._choices.children))
        if item.many:
            item.selected = not item.selected
        else:
            for other in items:
                other.selected = other is item
        self.answer(" ".join(other.key for other in items if other.selected))


rules(__file__)
