"""The strip that says there is more below, and goes there: for who does not know to drag a page, or can not."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.scrollview import ScrollView

from screens.widgets.touchable import Touchable

#: how much of a page one touch goes on
STRIDE = 0.8


class Watched(ScrollView):
    """A page that says in words what is still below; "" for no more than that there is something."""

    below = StringProperty("")


class MoreStrip(Touchable, BoxLayout):
    """Watches one page; of no height while everything is in sight."""

    height: float
    at_end = BooleanProperty(False)
    below = StringProperty("")

    def __init__(self, **values: object) -> None:
        self._page: Watched | None = None
        self._judge = Clock.create_trigger(self._look, -1)
        super().__init__(**values)

    def watch(self, page: Watched) -> None:
        """Watch `page` from now on, and no other."""
        if self._page is not None:
            self._page.unbind(height=self._judge, scroll_y=self._judge, below=self._judge)
            self._page.children[0].unbind(height=self._judge)
        self._page = page
        page.bind(height=self._judge, scroll_y=self._judge, below=self._judge)
        page.children[0].bind(height=self._judge)
        self._judge()

    def on_release(self) -> None:
        """Go down by most of a page; from the end, back to the top."""
        page = self._page
        if page is None:
            return
        beyond = page.children[0].height - page.height
        if self.at_end or beyond <= 0:
            page.scroll_y = 1
        else:
            page.scroll_y = max(0.0, page.scroll_y - STRIDE * page.height / beyond)

    def _look(self, *_: object) -> None:
        page = self._page
        if page is None or not page.children or self.parent is None:
            return
        # the room there would be without this strip, whatever has been laid out by now
        fixed = sum(each.height for each in self.parent.children if each is not self and each.size_hint_y is None)
        needed: bool = page.children[0].height > self.parent.height - fixed + 1
        self.height = dp(88) if needed else 0
        self.opacity = 1 if needed else 0
        self.disabled = not needed
        self.at_end = page.scroll_y <= 0.01
        self.below = page.below
