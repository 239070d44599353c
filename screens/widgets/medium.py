"""A picture of the form's own, beside a label. It is as wide as it is told and no higher than `most`."""

from __future__ import annotations

import io
import logging

from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import NumericProperty, ObjectProperty
from kivy.uix.widget import Widget
from PIL import Image

log = logging.getLogger(__name__)

#: pixels of the longer side that are kept: the whole width of the screen
LONGEST = 1080
#: pixels of a picture that is not even opened: 40 megapixels
TOO_MANY = 40_000_000


class Medium(Widget):
    """`picture` as PNG or JPEG; b"", or what is neither, takes no room."""

    picture = ObjectProperty(b"")
    most = NumericProperty(dp(420))
    texture = ObjectProperty(None, allownone=True)
    wide = NumericProperty(0)

    def on_picture(self, *_: object) -> None:
        """Another picture."""
        self.texture = _texture(self.picture) if self.picture else None


def _texture(picture: bytes) -> Texture | None:
    try:
        opened = Image.open(io.BytesIO(picture), formats=("PNG", "JPEG"))
        if opened.width * opened.height > TOO_MANY:
            raise ValueError("too large")
        opened.thumbnail((LONGEST, LONGEST))
        image = opened.convert("RGBA").transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        log.warning("a picture of a form is not shown: %s", type(error).__name__)
        return None
    made = Texture.create(size=image.size, colorfmt="rgba")
    made.blit_buffer(image.tobytes(), colorfmt="rgba")
    return made
