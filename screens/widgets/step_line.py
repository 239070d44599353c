"""The step line: how many steps there are, which is this one, and its name."""

from __future__ import annotations

from kivy.graphics import Color, RoundedRectangle
from kivy.metrics import dp
from kivy.properties import ObjectProperty, StringProperty

from screens.theme import theme
from screens.widgets.stack import Stack


class StepLine(Stack):
    """Draws `step` (kiosk.journey.frame.Step); None takes no room."""

    step = ObjectProperty(None, allownone=True, rebind=True)
    words = StringProperty("")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        for name in ("step", "size", "pos"):
            self.fbind(name, self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.before.clear()
        if self.step is None:
            return
        gap, height, edge = dp(10), dp(10), dp(48)
        wide = (self.width - 2 * edge - gap * (self.step.total - 1)) / max(1, self.step.total)
        with self.canvas.before:
            for index in range(self.step.total):
                done, now = index + 1 < self.step.number, index + 1 == self.step.number
                Color(rgba=theme.focus if now else theme.sea if done else theme.line)
                place = (
                    round(self.x + edge + index * (wide + gap)),
                    round(self.y + self.height - dp(32) - height),
                )
                RoundedRectangle(pos=place, size=(round(wide), height), radius=[height / 2])
