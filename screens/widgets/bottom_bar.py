"""The bar at the bottom, always the same: back and next, then help, the network's word, and leaving."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.intents import AskHelp, Back, Forward, Leave
from kiosk.journey.views import Chrome
from screens.widgets.button import PushButton
from screens.widgets.stack import Stack


class BottomBar(Stack):
    """Draws the chrome's `back` and `forward` (nothing for ""). `leaves` shows the pill that ends the visit."""

    chrome = ObjectProperty(Chrome("", "", ""), rebind=True)
    send = ObjectProperty(None)
    leaves = BooleanProperty(True)

    def on_chrome(self, *_: object) -> None:
        """Keep only the buttons there are, so that what is not there can not be touched."""
        row: BoxLayout = self.ids.way
        wanted = []
        for name, label in (("back", self.chrome.back), ("forward", self.chrome.forward)):
            if label:
                wanted.append((name, label))
        if [button.control_id for button in reversed(row.children)] != [name for name, _ in wanted]:
            row.clear_widgets()
            for name, _ in wanted:
                kind = "filled" if name == "forward" else "outline"
                row.add_widget(PushButton(control_id=name, kind=kind, on_release=self._pressed))
        for button, (name, label) in zip(reversed(row.children), wanted, strict=True):
            button.label = label
            button.disabled = name == "forward" and not self.chrome.forward_enabled
            button.size_hint_x = 2 if name == "forward" else 1

    def on_leaves(self, *_: object) -> None:
        pill = self.ids.leave
        pill.disabled = not self.leaves
        pill.opacity = 1 if self.leaves else 0

    def _pressed(self, button: PushButton) -> None:
        self.send(Forward() if button.control_id == "forward" else Back())

    def help(self) -> None:
        self.send(AskHelp())

    def leave(self) -> None:
        self.send(Leave())
