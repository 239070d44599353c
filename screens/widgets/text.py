"""A piece of text: any character, broken into lines as Chinese is, as high as it needs."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.label import Label

from screens.fonts import mark_rare
from screens.widgets.wrapping import balance, wrap


class Text(Label):
    """`words` in the theme's type. `wraps` True: as wide as it is told; False: one line, as wide as it needs."""

    words = StringProperty("")
    wraps = BooleanProperty(True)
    balanced = BooleanProperty(False)
    #: type size where it is not the theme's body
    points = NumericProperty(0)
    #: set where software must find this text ("title", "number"); see screens/accessibility.py
    control_id = StringProperty("")
    role = StringProperty("text")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.markup = True
        for name in ("words", "width", "font_size", "bold", "wraps", "balanced"):
            self.fbind(name, self._lay)
        self._lay()

    def _lay(self, *_: object) -> None:
        if not self.wraps:
            self.text_size = (None, None)
            self.text = mark_rare(self.words)
            return
        self.text_size = (self.width, None)
        lines = (balance if self.balanced else wrap)(self.words, self.width, self.font_size, self.bold)
        self.text = "\n".join(mark_rare(line) for line in lines)

    @property
    def control_name(self) -> str:
        """What a screen reader says."""
        return str(self.words)
