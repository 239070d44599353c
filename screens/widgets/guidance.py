"""More help, one touch away: a button that unfolds the words beneath it."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets.stack import Stack


class Guidance(Stack):
    """`words` unfold at a touch; with no words it takes no room."""

    words = StringProperty("")
    path = StringProperty("")
    unfolded = BooleanProperty(False)

    def on_words(self, *_: object) -> None:
        """Other words are folded at first."""
        self.unfolded = False

    def fold(self) -> None:
        """Unfold, or fold again."""
        self.unfolded = not self.unfolded
