"""The terminal's code, for the phone to scan; or typed on the phone, where its camera does not."""

from __future__ import annotations

from kivy.properties import ObjectProperty, StringProperty

from kiosk.journey.views import PhoneLoginView
from kiosk.words import say
from screens.page import Page, rules
from screens.widgets.text import Text


def countdown(seconds: int, language: str) -> str:
    """How long a code is good for, in minutes and seconds."""
    if seconds < 60:
        return say("phone_login.seconds", language, seconds=seconds)
    return say("phone_login.minutes", language, minutes=seconds // 60, seconds=seconds % 60)


class UserCode(Text):
    """`code` in large letters, apart from each other; a screen reader is told it as it is typed."""

    code = StringProperty("")

    @property
    def control_name(self) -> str:
        """The code."""
        return str(self.code)


class PhoneLoginPage(Page):
    """Nothing to touch: the phone does it."""

    view = ObjectProperty(PhoneLoginView(), rebind=True)

    countdown = staticmethod(countdown)


rules(__file__)
