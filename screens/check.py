"""Check your answers before they are handed in."""

from __future__ import annotations

from itertools import groupby

from kivy.properties import ObjectProperty, StringProperty

from kiosk.journey.intents import Change
from kiosk.journey.views import CheckRow, CheckView
from kiosk.words import say
from screens.page import Page, rules
from screens.theme import theme
from screens.widgets.list_row import ListRow
from screens.widgets.stack import Stack


class AnswerSection(Stack):
    """Answers that belong together, under what they are about."""

    title = StringProperty("")


class CheckPage(Page):
    """A row that can be changed is touchable as a whole."""

    view = ObjectProperty(CheckView((), ()), rebind=True)

    def on_view(self, *_: object) -> None:
        """The answers and papers changed."""
        sections = [(name, list(rows)) for name, rows in groupby(self.view.answers, key=lambda row: row.section)]
        made = self.ids.answers.show(AnswerSection, [{"title": name} for name, _ in sections])
        for section, (_, rows) in zip(made, sections, strict=True):
            section.ids.rows.show(
                ListRow,
                [{"over": row.label, "title": row.value, "last": row is rows[-1], **_row(row)} for row in rows],
                self._change,
            )
        papers = self.view.papers
        signed = bool(self.view.strokes)
        self.ids.papers.show(
            ListRow,
            [
                {"title": row.label, "line": row.value, "last": row is papers[-1] and not signed, **_row(row)}
                for row in papers
            ],
            self._change,
        )

    def _change(self, row: ListRow) -> None:
        if row.key:
            self.send(Change(row.key))


def _row(row: CheckRow) -> dict[str, object]:
    return {
        "control_id": f"change:{row.change}" if row.change else "",
        "control_name": f"{row.label} {row.value}",
        "key": row.change,
        "action": say("button.change", theme.language) if row.change else "",
        "source": row.source,
    }


rules(__file__)
