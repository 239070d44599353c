"""A question about the citizen's situation: one answer of a few."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.intents import Choose
from kiosk.journey.views import SituationView
from screens.page import Page, rules
from screens.widgets.choice import ChoiceItem


class SituationPage(Page):
    """Touching a choice sends it; the forward button goes on."""

    view = ObjectProperty(SituationView("", "", ()), rebind=True)

    def on_view(self, *_: object) -> None:
        """Another question, or another answer chosen."""
        self.ids.choices.show(
            ChoiceItem,
            [
                {
                    "control_id": f"choice:{row.value}",
                    "key": row.value,
                    "label": row.label,
                    "help": row.help,
                    "selected": row.value == self.view.selected,
                }
                for row in self.view.choices
            ],
            self._chosen,
        )

    def _chosen(self, item: ChoiceItem) -> None:
        self.send(Choose(item.key))


rules(__file__)
