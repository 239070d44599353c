"""The code with which the citizen's phone sends a material's pages, and how long it is good for."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty

from kiosk.journey.source_views import PhoneUploadView
from screens.page import Page, rules
from screens.phone_login import countdown


class PhoneUploadPage(Page):
    """Nothing to touch: the phone does it."""

    view = ObjectProperty(PhoneUploadView(), rebind=True)
    shows = BooleanProperty(False)
    countdown = staticmethod(countdown)


rules(__file__)
