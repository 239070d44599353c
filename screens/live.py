"""Live pictures: a JPEG becomes a texture, and when it is no longer wanted the texture is blanked and let go."""

from __future__ import annotations

import io
from abc import abstractmethod
from typing import Any

from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget
from PIL import Image


class Live(Widget):
    """Shows the newest picture it was given. A subclass says how it is prepared and drawn."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._texture: Texture | None = None
        self.bind(size=self._draw, pos=self._draw)

    def display(self, jpeg: bytes) -> bool:
        """Show a JPEG. A broken one changes nothing, and the answer is False."""
        try:
            picture = self.prepare(Image.open(io.BytesIO(jpeg), formats=["JPEG"]).convert("RGB"))
        except (OSError, ValueError):
            return False
        if self._texture is None or self._texture.size != picture.size:
            self.clear()
            self._texture = Texture.create(size=picture.size, colorfmt="rgb")
            self._texture.flip_vertical()
        self._texture.blit_buffer(picture.tobytes(), colorfmt="rgb")
        self._draw()
        return True

    def clear(self) -> None:
        """Show nothing, and leave nothing of the picture in the graphics memory."""
        if self._texture is not None:
            width, height = self._texture.size
            self._texture.blit_buffer(bytes(width * height * 3), colorfmt="rgb")
            self._texture = None
        self._draw()

    def prepare(self, picture: Image.Image) -> Image.Image:
        """What of the camera's picture is shown."""
        return picture

    @abstractmethod
    def draw(self, texture: Texture) -> None:
        """Draw `texture` on the canvas, which is empty."""

    def _draw(self, *_: Any) -> None:
        self.canvas.clear()
        if self._texture is not None:
            with self.canvas:
                self.draw(self._texture)
