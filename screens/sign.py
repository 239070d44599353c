"""Sign by hand on a pad."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.intents import Sign
from kiosk.journey.views import Chrome, SignView
from screens.page import Page, rules
from screens.widgets.signature import Pad, Stroke


class SignPage(Page):
    """The pad shows what the hand drew; what was kept already is shown once, on entering."""

    scrolls = False
    view = ObjectProperty(SignView("", ""), rebind=True)

    def update(self, view: SignView, chrome: Chrome) -> None:
        """Draw `view`; on entering, also the strokes kept already."""
        entering = self.view is self.blank
        super().update(view, chrome)
        if entering and view.strokes:
            pad: Pad = self.ids.pad
            pad.strokes = tuple(tuple((x, y, 0) for x, y, *_ in stroke) for stroke in view.strokes)
            pad.empty = False

    def forget(self) -> None:
        """Forget the strokes too."""
        self.ids.pad.forget()
        super().forget()

    def signed(self, strokes: tuple[Stroke, ...]) -> None:
        """A stroke ended."""
        pad: Pad = self.ids.pad
        self.send(Sign(strokes, round(pad.width / max(1.0, pad.height), 3)))

    def clear(self) -> None:
        """Throw the strokes away."""
        self.ids.pad.forget()
        self.send(Sign(()))


rules(__file__)
