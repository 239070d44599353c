"""The letter of commitment (承诺书), to be read to its end before signing."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.properties import ObjectProperty

from kiosk.journey.intents import ReadToEnd
from kiosk.journey.views import Chrome, CommitmentView
from kiosk.words import say
from screens.page import Page, rules
from screens.theme import theme
from screens.widgets.text import Text

#: scrolled this near to the end counts as its end, as the strip below has it
END = 0.01


class CommitmentPage(Page):
    """Says how much of the letter is still below; tells when its end has been in sight."""

    view = ObjectProperty(CommitmentView("", ()), rebind=True)

    def __init__(self, *parts: object) -> None:
        self._look = Clock.create_trigger(self._see, 0.1)
        self._ended: tuple[int, float, float, float] | None = None
        super().__init__(*parts)  # type: ignore[arg-type]
        self.bind(scroll_y=self._look, height=self._look)
        self.children[0].bind(height=self._look)

    def update(self, view: CommitmentView, chrome: Chrome) -> None:
        """Draw `view`, then see how much of it fits."""
        super().update(view, chrome)
        self._look()

    def on_view(self, *_: object) -> None:
        """Another letter, or another language."""
        self.ids.paragraphs.show(Text, [{"words": words} for words in self.view.spoken[1:]])

    def spoken_texts(self) -> list[Text]:
        """The heading, then every part of the letter."""
        return [self.ids.title, *reversed(self.ids.paragraphs.children)]

    def forget(self) -> None:
        """Leave nothing of the letter."""
        self.below, self._ended = "", None
        super().forget()

    def _see(self, _: float) -> None:
        view: CommitmentView = self.view
        if view is self.blank or self.get_parent_window() is None:
            return
        hidden = sum(
            part.to_window(*part.pos)[1] < self.to_window(*self.pos)[1] for part in self.ids.paragraphs.children
        )
        self.below = "" if view.read or not hidden else say("commitment.below", theme.language, count=hidden)
        length, room = self.children[0].height, self.height
        ended = not view.read and (length <= room + 1 or self.scroll_y <= END)
        now = (id(view), length, room, self.scroll_y) if ended else None
        if ended and now == self._ended:
            self.send(ReadToEnd())
        elif ended:
            # a letter that has only just come may not be laid out yet: its end is what two looks agree on
            self._look()
        self._ended = now


rules(__file__)
