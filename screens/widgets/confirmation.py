"""One clear word that what was filled in from elsewhere is right."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.stack import Stack


class Confirmation(Stack):
    """`confirm`: "" takes no room, asked, given. `on_release()`: touched."""

    confirm = StringProperty("")
    error = StringProperty("")

    __events__ = ("on_release",)

    def on_release(self) -> None:
        """All of it is right."""
