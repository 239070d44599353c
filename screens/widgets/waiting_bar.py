"""A bar that fills while something is waited for, or moves where nobody knows how long."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.widget import Widget

#: pictures a second of a moving bar: enough to see it live, and the processor hardly notices
RATE = 15
#: seconds from one end to the other
SWEEP = 2.0


class WaitingBar(Widget):
    """`part` 0…1; None takes no room, unless it is `moving`: then a short piece goes to and fro."""

    part = NumericProperty(None, allownone=True)
    moving = BooleanProperty(False)
    #: where the moving piece is, 0…1
    place = NumericProperty(0)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._phase = 0.0

    def on_moving(self, *_: object) -> None:
        """Begin to move, or rest."""
        Clock.unschedule(self._go)
        if self.moving:
            Clock.schedule_interval(self._go, 1 / RATE)

    def _go(self, seconds: float) -> None:
        self._phase = (self._phase + seconds / SWEEP) % 2
        self.place = 1 - abs(1 - self._phase)
