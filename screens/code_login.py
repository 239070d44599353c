"""Show a code to the scanner: a citizen's, a helper's, a business licence's."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from kiosk.journey.views import CodeLoginView
from screens.page import Page, rules


class CodeLoginPage(Page):
    """Nothing to touch: the scanner looks by itself."""

    view = ObjectProperty(CodeLoginView(), rebind=True)


rules(__file__)
