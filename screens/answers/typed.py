"""What an entry shared by several ways keeps: the text being typed, whatever answers are on their way back."""

from __future__ import annotations

from kiosk.journey.views import Field
from screens.widgets.text_field import TextField


class Typed:
    """Decides when a value from outside replaces what stands in `entry`.

    A field being typed into keeps its text, unless it has just been refused and the journey wants another.
    """

    def __init__(self, entry: TextField) -> None:
        self._entry = entry
        self.told: str | None = None
        self._error = ""

    def show(self, value: str, field: Field) -> None:
        """`value` came with a view."""
        refused = bool(field.error) and field.error != self._error
        if value != self.told and (refused or not self._entry.focused):
            self._entry.put(value)
        self.told, self._error = value, field.error
