"""A QR code, its modules whole pixels, so that a phone reads it from any angle."""

from __future__ import annotations

import math

import segno
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

#: modules of white around it, as ISO/IEC 18004 asks
QUIET_ZONE = 4
DARK, LIGHT = 0, 255


def modules(text: str) -> tuple[int, bytes]:
    """How many modules a side, the quiet zone among them; and a byte for each, from the bottom row up."""
    made = segno.make(text, error="m", micro=False, boost_error=True)
    rows = [bytes(DARK if module else LIGHT for module in row) for row in made.matrix_iter(border=QUIET_ZONE)]
    return len(rows), b"".join(reversed(rows))


class QrCode(Widget):
    """Draws `code` as near to `room` pixels wide as whole pixels allow; nothing for "".

    What is printed, without the quiet zone, is never narrower than `smallest`.
    """

    code = StringProperty("")
    room = NumericProperty(dp(600))
    smallest = NumericProperty(dp(460))
    side = NumericProperty(0)
    shown = BooleanProperty(False)
    texture = ObjectProperty(None, allownone=True)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        for name in ("code", "room", "smallest"):
            self.fbind(name, self._make)
        self._make()

    def _make(self, *_: object) -> None:
        self.shown = bool(self.code)
        if not self.code:
            self.texture, self.side = None, 0
            return
        count, pixels = modules(self.code)
        texture = Texture.create(size=(count, count), colorfmt="luminance", mipmap=False)
        texture.mag_filter = texture.min_filter = "nearest"
        texture.blit_buffer(pixels, colorfmt="luminance")
        self.side = count * max(math.ceil(self.smallest / (count - 2 * QUIET_ZONE)), int(self.room // count))
        self.texture = texture
