"""The terminal's code, for the phone to scan; or typed on the phone, where its camera does not."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.views import PhoneLoginView
from kiosk.words import say
from screens.page import Page, rules


class PhoneLoginPage(Page):
    """Nothing to touch: the phone does it."""

    view = ObjectProperty(PhoneLoginView(), rebind=True)

    @staticmethod
    def countdown(seconds: int, language: str) -> str:
        """How long the code is good for, in minutes and seconds."""
        if seconds < 60:
            return say("phone_login.seconds", language, seconds=seconds)
        return say("phone_login.minutes", language, minutes=seconds // 60, seconds=seconds % 60)


rules(__file__)
