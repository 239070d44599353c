"""A day or a time: turned on wheels or typed as digits, one touch between the two."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.journey.views import Field
from kiosk.words import say
from screens import moments
from screens.answers.answer import AnswerWidget
from screens.answers.typed import Typed
from screens.page import rules
from screens.theme import theme
from screens.widgets.date_field import DateField
from screens.widgets.wheel import Wheel

#: the first year on a wheel, and how many come after this one
FIRST_YEAR, YEARS_TO_COME = 1900, 30


class Dated(AnswerWidget):
    """The wheels stand at today until they are turned: nothing is answered by not touching them."""

    turning = BooleanProperty(False)
    shape = StringProperty("date")
    _slip = StringProperty("")

    def __init__(self, field: Field, *values: Any) -> None:
        super().__init__(field, *values)
        self.shape = field.look if field.look in ("months", "years") else field.kind
        wheel = field.look in ("wheel", "months", "years")
        self.turning = not field.readonly and (wheel or (theme.care and not field.value))
        entry = self.ids.typed.__self__
        entry.bind(on_edit=self._edited, on_wanted=self._wanted)
        self.entry: DateField = entry
        self._typed = Typed(entry)
        self._wheels = {name: self._wheel(name) for name, _ in moments.PARTS[self.shape]}
        self._fold()

    def _wheel(self, part: str) -> Wheel:
        wheel = Wheel(part=part)
        wheel.bind(on_turned=self._turned)
        return wheel

    @property
    def slip(self) -> str:
        """All digits are there, and there is no such day."""
        return self._slip

    def show_field(self, field: Field) -> None:
        """Draw `field`."""
        super().show_field(field)
        self.entry.control_id = f"field:{field.path}"
        self.entry.control_name = field.label
        self.entry.control_field = field.path
        self.entry.readonly = field.readonly
        self.entry.hint = say(f"moment.{self.shape}_hint", theme.language)
        self._typed.show(field.value, field)
        self.entry.wrong = bool(field.error or self.slip)
        for wheel in self._wheels.values():
            wheel.path = field.path
        self._place()

    def swap(self) -> None:
        """The other way."""
        self.turning = not self.turning
        self.tray.close()
        self._fold()
        self._place()
        if not self.turning:
            self.tray.open(self.entry)

    def _fold(self) -> None:
        row = self.ids.wheels
        row.clear_widgets()
        for wheel in self._wheels.values() if self.turning else ():
            row.add_widget(wheel)

    def _wanted(self, entry: DateField) -> None:
        """To type while the wheels are out is to put them away."""
        if self.turning:
            self.turning = False
            self._fold()
        self.tray.open(entry)

    def _edited(self, entry: DateField, _: str) -> None:
        self._slip = say(f"moment.{self.shape}_wrong", theme.language) if entry.impossible else ""
        entry.wrong = bool(self._slip)
        if entry.stored != self._typed.told:
            self._tell(entry.stored)

    def _turned(self, *_: object) -> None:
        parts = {name: int(wheel.index) + self._first(name) for name, wheel in self._wheels.items()}
        if "day" in parts:
            parts["day"] = min(parts["day"], monthrange(parts["year"], parts["month"])[1])
        digits = "".join(f"{parts[name]:0{count}}" for name, count in moments.PARTS[self.shape])
        stored = moments.stored(self.shape, digits)
        self._slip = ""
        self.entry.put(stored)
        self._place(digits)
        self._tell(stored)

    def _tell(self, stored: str) -> None:
        self._typed.told = stored
        self.answer(stored)

    def _place(self, digits: str = "") -> None:
        """Turn the wheels to `digits`, else to what is answered, else to now."""
        if not self.turning:
            return
        if not digits:
            told = self._typed.told if self._typed.told is not None else self.field.value
            digits = moments.digits(self.shape, told or "")
        if not digits:
            now = datetime.now()
            digits = "".join(f"{getattr(now, name):0{count}}" for name, count in moments.PARTS[self.shape])
        parts = {name: int(text) for name, text in moments.split(self.shape, digits).items()}
        for name, wheel in self._wheels.items():
            first, last = self._first(name), self._last(name, parts)
            options = [say(f"wheel.{name}_value", theme.language, value=value) for value in range(first, last + 1)]
            wheel.put(options, min(len(options) - 1, max(0, parts[name] - first)))

    @staticmethod
    def _first(part: str) -> int:
        return {"year": FIRST_YEAR, "month": 1, "day": 1}.get(part, 0)

    @staticmethod
    def _last(part: str, parts: dict[str, int]) -> int:
        if part == "day":
            return monthrange(max(1, min(9999, parts["year"])), max(1, min(12, parts["month"])))[1]
        return {"year": datetime.now().year + YEARS_TO_COME, "month": 12, "hour": 23, "minute": 59}[part]


rules(__file__)
