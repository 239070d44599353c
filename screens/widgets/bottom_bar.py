"""The bar at the bottom, always the same: back and next, then help, saving, the network's word, and leaving."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.journey.intents import AskHelp, Back, Forward, Leave, SaveForLater
from kiosk.journey.views import Chrome
from screens.widgets.button import PushButton
from screens.widgets.stack import Stack

#: longer than between the two touches of a double tap, shorter than reading anything
REST_SECONDS = 0.4


class BottomBar(Stack):
    """Draws the chrome's `back` and `forward` (nothing for ""). `leaves` shows the pill that ends the visit."""

    chrome = ObjectProperty(Chrome("", "", ""), rebind=True)
    send = ObjectProperty(None)
    leaves = BooleanProperty(True)

    def __init__(self, **values: object) -> None:
        self._back = PushButton(control_id="back", on_release=self._pressed)
        self._forward = PushButton(control_id="forward", kind="filled", share=2, on_release=self._pressed)
        self._no_back, self._no_forward = Widget(), Widget(size_hint_x=2)
        super().__init__(**values)
        self._wake = Clock.create_trigger(self._awake, REST_SECONDS)
        #: a page that takes long to draw is not read while it is drawn
        self._drawn = Clock.create_trigger(lambda _: self._wake())

    def on_chrome(self, *_: object) -> None:
        """Keep only the buttons there are, so that what is not there can not be touched."""
        row: BoxLayout = self.ids.way
        places = (
            (self._back, self.chrome.back, self._no_back),
            (self._forward, self.chrome.forward, self._no_forward),
        )
        wanted = [button if label else gap for button, label, gap in places]
        if list(reversed(row.children)) != wanted:
            row.clear_widgets()
            for widget in wanted:
                row.add_widget(widget)
        self._back.label, self._forward.label = self.chrome.back, self.chrome.forward
        self._forward.disabled = not self.chrome.forward_enabled

    def on_leaves(self, *_: object) -> None:
        """Show or hide the pill that ends the visit."""
        pill = self.ids.leave
        pill.disabled = not self.leaves
        pill.opacity = 1 if self.leaves else 0

    def rest(self) -> None:
        """The page has changed: for a moment a second touch of a double tap does nothing."""
        self._back.resting = self._forward.resting = True
        self._wake.cancel()
        self._drawn()

    def _awake(self, _: float) -> None:
        self._back.resting = self._forward.resting = False

    def _pressed(self, button: PushButton) -> None:
        if button.resting:
            return
        self.send(Forward() if button.control_id == "forward" else Back())

    def help(self) -> None:
        """Ask for help."""
        self.send(AskHelp())

    def save(self) -> None:
        """Save it and finish it later."""
        self.send(SaveForLater())

    def leave(self) -> None:
        """Ask to end the visit."""
        self.send(Leave())
