"""What is laid over a page: do you want to leave, are you still here, who helps, how long is left."""

from __future__ import annotations

from kivy.input import MotionEvent
from kivy.properties import ObjectProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.journey.intents import LeaveNow, SaveForLater, Stay
from kiosk.journey.views import Notice
from kiosk.words import say


class NoticeOverlay(FloatLayout):
    """Covers everything and lets no touch through."""

    notice = ObjectProperty(Notice("help", "", ""), rebind=True)
    send = ObjectProperty(None)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take every touch, so that nothing beneath gets any."""
        super().on_touch_down(touch)
        return True

    @staticmethod
    def countdown(seconds: int | None, language: str) -> str:
        """How long until it ends by itself; "" where nothing counts."""
        if seconds is None:
            return ""
        if seconds < 120:
            return say("notice.seconds", language, seconds=seconds)
        return say("notice.minutes", language, minutes=round(seconds / 60))

    def stay(self) -> None:
        """Go on."""
        self.send(Stay())

    def save(self) -> None:
        """Save what is there and finish it later."""
        self.send(SaveForLater())

    def leave(self) -> None:
        """End the visit."""
        self.send(LeaveNow())
