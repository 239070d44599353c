"""A day or a time written as digits and shown in words."""

from __future__ import annotations

from kivy.properties import OptionProperty

from kiosk.words import say
from screens import moments
from screens.widgets.text_field import TextField


class DateField(TextField):
    """`shape` says what is written: see screens/moments.py. `stored` is "" until it is whole."""

    shape = OptionProperty("date", options=list(moments.PARTS))

    def insert(self, text: str) -> None:
        """Put digits at the end, as many as there can be."""
        if len(self.text) + len(text) <= moments.length(self.shape):
            super().insert(text)

    @property
    def stored(self) -> str:
        """What is stored: 2026-12-01."""
        return moments.stored(self.shape, self.text)

    @property
    def impossible(self) -> bool:
        """All digits are there, and there is no such day or time."""
        return len(self.text) == moments.length(self.shape) and not self.stored

    def put(self, text: str) -> None:
        """Show the stored `text`."""
        super().put(moments.digits(self.shape, text))

    def display(self) -> tuple[str, int]:
        """It in words; while it is typed, with gaps for what is missing."""
        digits = self.text
        if not digits and not self.focused:
            return "", 0
        parts = moments.split(self.shape, digits)
        if not self.focused and len(digits) == moments.length(self.shape):
            return say(f"moment.{self.shape}", self.language, **{name: int(part) for name, part in parts.items()}), 0
        filled = {name: parts[name].ljust(count, "_") for name, count in moments.PARTS[self.shape]}
        text = say(f"moment.{self.shape}_typed", self.language, **filled)
        gap = text.find("_")
        return text, len(text.rstrip(" 日月年分")) if gap < 0 else gap

    def _place(self, x: float, y: float) -> None:
        self.cursor = len(self.text)
