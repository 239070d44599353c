"""Show the code on your phone to the scanner."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.views import CodeLoginView
from screens.page import Page, rules


class CodeLoginPage(Page):
    """Nothing to touch: the scanner looks by itself."""

    view = ObjectProperty(CodeLoginView(), rebind=True)


rules(__file__)
