"""Fields to write in. They take text only from the on-screen keyboard: no system keyboard, clipboard or wedge.

Drawn by themselves and not by Kivy's TextInput: no blinking cursor (a tenth of a processor), long addresses wrap,
and rare characters are shown.
"""

from __future__ import annotations

from kivy.graphics import Color, Rectangle
from kivy.input import MotionEvent
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty

from screens.fonts import mark_rare
from screens.keyboards.layouts import LAYOUTS
from screens.theme import theme
from screens.widgets.panel import Panel
from screens.widgets.touchable import Touchable
from screens.widgets.wrapping import LINE_HEIGHT, measure

LIMIT = 200


class TextField(Touchable, Panel):
    """Text with a cursor. `composing` stands underlined at the cursor until a candidate is chosen.

    Events: `on_edit(text)` after each change by the citizen; `on_wanted()` when touched.
    """

    text = StringProperty("")
    composing = StringProperty("")
    cursor = NumericProperty(0)
    focused = BooleanProperty(False)
    readonly = BooleanProperty(False)
    wrong = BooleanProperty(False)
    hint = StringProperty("")
    keyboard = OptionProperty("pinyin", options=list(LAYOUTS))
    language = StringProperty("zh")
    icon = StringProperty("")
    #: the characters it takes; "" takes every one
    accepts = StringProperty("")
    #: what it finds stands beneath it: in use, it goes to the top of its page
    leads = BooleanProperty(False)
    #: what is drawn, as Kivy markup
    shown = StringProperty("")
    rows = NumericProperty(1)

    __events__ = ("on_edit", "on_wanted")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._lines: list[tuple[int, int]] = [(0, 0)]
        for name in (
            "text",
            "composing",
            "cursor",
            "focused",
            "width",
            "font_size",
            "hint",
            "language",
            "height",
            "pos",
        ):
            self.fbind(name, self._lay)
        self._lay()

    font_size = NumericProperty(dp(38))

    # what the citizen does

    def on_edit(self, text: str) -> None:
        """The text changed by the citizen's hand."""

    def on_wanted(self) -> None:
        """The field was touched and wants the keyboard."""

    def insert(self, text: str) -> None:
        """Put `text` at the cursor, but for what this field does not take."""
        if self.accepts:
            text = "".join(character for character in text if character in self.accepts)
        if not text or len(self.text) + len(text) > LIMIT:
            return
        at = int(self.cursor)
        self.text = self.text[:at] + text + self.text[at:]
        self.cursor = at + len(text)
        self.dispatch("on_edit", self.text)

    def backspace(self) -> None:
        """Take away the character before the cursor."""
        at = int(self.cursor)
        if at:
            self.text = self.text[: at - 1] + self.text[at:]
            self.cursor = at - 1
            self.dispatch("on_edit", self.text)

    def clear(self) -> None:
        """Take everything away."""
        if self.text:
            self.text, self.cursor = "", 0
            self.dispatch("on_edit", "")

    def put(self, text: str) -> None:
        """Show `text` from outside, cursor at its end; says nothing to anybody."""
        if text != self.text:
            self.text = text
            self.cursor = len(text)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A field that is only shown takes no touch."""
        return not self.readonly and bool(super().on_touch_down(touch))

    def on_release(self) -> None:
        """Ask for the keyboard, and put the cursor where the finger was."""
        self.dispatch("on_wanted")
        touch = self.last_touch
        if touch is not None:
            self._place(*touch.pos)

    # how it is drawn

    def display(self) -> tuple[str, int]:
        """What stands in the field and where in it the cursor is."""
        at = int(self.cursor)
        return self.text[:at] + self.composing + self.text[at:], at + len(self.composing)

    @property
    def _left(self) -> float:
        return float(self.x + dp(36) + (dp(64) if self.icon else 0))

    @property
    def _line_height(self) -> float:
        return float(self.font_size * LINE_HEIGHT)

    def _lay(self, *_: object) -> None:
        text, cursor = self.display()
        room = max(dp(80), self.width - (self._left - self.x) - dp(36))
        self._lines = []
        start, used = 0, 0.0
        for index, character in enumerate(text):
            step = measure(character, self.font_size)
            if used + step > room and index > start:
                self._lines.append((start, index))
                start, used = index, 0.0
            used += step
        self._lines.append((start, len(text)))
        self.rows = len(self._lines)
        self.shown = "\n".join(mark_rare(text[a:b]) for a, b in self._lines) if text else mark_rare(self.hint)
        self._draw(text, cursor)

    def _draw(self, text: str, cursor: int) -> None:
        self.canvas.after.clear()
        if not self.focused:
            return
        marked = (int(self.cursor), int(self.cursor) + len(self.composing))
        top = self.y + self.height / 2 + self._line_height * self.rows / 2
        with self.canvas.after:
            for row, (a, b) in enumerate(self._lines):
                base = top - (row + 1) * self._line_height
                x, y = max(a, marked[0]), min(b, marked[1])
                if x < y:
                    Color(rgba=theme.focus)
                    place = self._left + measure(text[a:x], self.font_size)
                    Rectangle(pos=(place, base + dp(4)), size=(measure(text[x:y], self.font_size), dp(4)))
                if a <= cursor <= b and (cursor < b or row == len(self._lines) - 1):
                    Color(rgba=theme.sea)
                    place = round(self._left + measure(text[a:cursor], self.font_size))
                    Rectangle(pos=(place, round(base + dp(4))), size=(dp(4), round(self._line_height - dp(8))))

    def _place(self, x: float, y: float) -> None:
        """Put the cursor nearest to a touch."""
        if self.composing:
            return
        top = self.y + self.height / 2 + self._line_height * self.rows / 2
        row = min(len(self._lines) - 1, max(0, int((top - y) // self._line_height)))
        start, end = self._lines[row]
        used, best = self._left, start
        for index in range(start, end):
            step = measure(self.text[index], self.font_size)
            if x < used + step / 2:
                break
            used, best = used + step, index + 1
        self.cursor = best
