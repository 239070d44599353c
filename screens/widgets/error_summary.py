"""What is wrong with a page, at its top: each line leads to its field."""

from __future__ import annotations

from kivy.properties import ListProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets.panel import Panel
from screens.widgets.stack import Stack
from screens.widgets.touchable import Touchable


class SummaryLine(Touchable, BoxLayout):
    """One problem."""

    words = StringProperty("")


class ErrorSummary(Panel, Stack):
    """`problems` as (path, text); none, no summary. `on_problem(path)`: a line was touched."""

    problems = ListProperty([])

    __events__ = ("on_problem",)

    def on_problem(self, path: str) -> None:
        """Lead to the field."""

    def on_problems(self, *_: object) -> None:
        """Other problems."""
        self.ids.lines.show(
            SummaryLine,
            [{"control_id": f"problem:{path}", "key": path, "words": text} for path, text in self.problems],
            lambda line: self.dispatch("on_problem", line.key),
        )
