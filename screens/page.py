"""What all pages share: they draw one class of view, send intents, and forget everything when left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.input import MotionEvent
from kivy.lang import Builder
from kivy.properties import ObjectProperty

import screens.widgets  # noqa: F401  (the rules pages build on)
from kiosk.journey.frame import Aloud, Chrome
from kiosk.journey.intents import Intent
from kiosk.journey.views import View
from screens.keyboard_tray import KeyboardTray
from screens.widgets.grip import Grip
from screens.widgets.more_strip import Watched
from screens.widgets.text import Text
from screens.widgets.touchable import Touchable

#: what is heard has this much of the page above and below it; more than is under the last text
SIGHT = 160
_NOTHING = (-1, 0, 0)


def rules(module: str) -> None:
    """Load the .kv file beside a page's module, once."""
    Builder.load_file(str(Path(module).with_suffix(".kv")))


class Page(Watched):
    """One page. A subclass gives `view` a blank default of its class; its .kv draws `root.view`."""

    #: the page fills the whole window: no bars
    bare: ClassVar[bool] = False
    #: the page may be longer than its place
    scrolls: ClassVar[bool] = True
    #: the action bar offers to end the visit
    leaves: ClassVar[bool] = True

    view = ObjectProperty(View(), rebind=True)
    chrome = ObjectProperty(Chrome("", "", ""), rebind=True)

    def __init__(self, send: Callable[[Intent], None], tray: KeyboardTray) -> None:
        self.send = send
        self.tray = tray
        self.blank = type(self).view.defaultvalue
        self._heard = _NOTHING
        self._show_heard = Clock.create_trigger(self._bring_heard, 0.1)
        super().__init__()
        self.bind(height=self._judge)
        self.children[0].bind(height=self._judge)
        self.on_view()

    def update(self, view: Any, chrome: Chrome) -> None:
        """Draw `view`; what did not change stays as it is."""
        if getattr(view, "title", "") != getattr(self.view, "title", ""):
            self.scroll_y = 1
        self.chrome = chrome
        self.view = view
        self._mark(chrome.aloud)

    def spoken_texts(self) -> Sequence[Text]:
        """Where each text of the view's `spoken` stands, in its order, as far as they can be marked."""
        return ()

    def _mark(self, aloud: Aloud | None) -> None:
        """Mark what is heard, and bring it into sight when it begins to be."""
        heard = (aloud.part, aloud.start, aloud.end) if aloud and aloud.part >= 0 else _NOTHING
        for part, text in enumerate(self.spoken_texts()):
            text.marked = heard[1:] if part == heard[0] else (0, 0)
        if heard != self._heard:
            self._heard = heard
            self._show_heard()

    def _bring_heard(self, _: float) -> None:
        """Scroll to it, once it is laid out."""
        texts = self.spoken_texts()
        if 0 <= self._heard[0] < len(texts) and self.do_scroll_y and self.get_parent_window() is not None:
            self.scroll_to(texts[self._heard[0]], padding=SIGHT)

    def _judge(self, *_: object) -> None:
        """What fits stands at the top and does not scroll: touches reach it at once."""
        self.do_scroll_y = self.scrolls and self.children[0].height > self.height + 1
        if not self.do_scroll_y:
            Animation.cancel_all(self, "scroll_y")
            self.scroll_y = 1
        self._show_heard()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A touch on what is dragged is its own at once; any other may scroll the page."""
        if not self.collide_point(*touch.pos) or not self._gripped(*self.to_local(*touch.pos)):
            touch.ud[f"meant:{self.uid}"] = self._meant(*self.to_window(*touch.pos))
            return bool(super().on_touch_down(touch))
        touch.push()
        touch.apply_transform_2d(self.to_local)
        taken = any(child.dispatch("on_touch_down", touch) for child in self.children)
        touch.pop()
        return taken

    def simulate_touch_down(self, touch: MotionEvent) -> bool:
        """A touch is held back a moment, as it may be going to scroll. What it means is what was under it when it came:
        if that has moved meanwhile the touch follows it, if it has gone the touch means nothing.
        """
        widget, x, y = touch.ud.get(f"meant:{self.uid}") or (None, 0.0, 0.0)
        if widget is None:
            return bool(super().simulate_touch_down(touch))
        if widget not in self.walk(restrict=True):
            return False
        now_x, now_y = widget.to_window(*widget.pos)
        touch.push()
        touch.x, touch.y = touch.x + now_x - x, touch.y + now_y - y
        taken = bool(super().simulate_touch_down(touch))
        touch.pop()
        return taken

    def _meant(self, x: float, y: float) -> tuple[Touchable | None, float, float]:
        """What lies under a point of the window, the innermost, and its own place there."""
        there = [each for each in self.walk(restrict=True) if isinstance(each, Touchable)]
        under = next((each for each in reversed(there) if each.collide_point(*each.parent.to_widget(x, y))), None)
        return (under, *under.to_window(*under.pos)) if under else (None, 0.0, 0.0)

    def _gripped(self, x: float, y: float) -> bool:
        return any(isinstance(each, Grip) and each.collide_point(x, y) for each in self.walk(restrict=True))

    def on_view(self, *_: object) -> None:
        """The view changed: bring lists of widgets in step with it."""

    def forget(self) -> None:
        """Leave nothing of the citizen in any widget."""
        self._mark(None)
        self.view = self.blank
        self.scroll_y = 1


rules(__file__)
