"""What is laid over a page: do you want to leave, are you still here, who helps."""

from __future__ import annotations

from kivy.input import MotionEvent
from kivy.properties import ObjectProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.journey.intents import LeaveNow, Stay
from kiosk.journey.views import Notice


class NoticeOverlay(FloatLayout):
    """Covers everything and lets no touch through."""

    notice = ObjectProperty(Notice("help", "", ""), rebind=True)
    send = ObjectProperty(None)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take every touch, so that nothing beneath gets any."""
        super().on_touch_down(touch)
        return True

    def stay(self) -> None:
        """Go on."""
        self.send(Stay())

    def leave(self) -> None:
        """End the visit."""
        self.send(LeaveNow())
