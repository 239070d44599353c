"""The document camera: the live picture with the page's corners, or the page just kept."""

from __future__ import annotations

import io
from typing import Any

from kivy.graphics import Color, Rectangle, SmoothEllipse, SmoothLine
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import ObjectProperty
from kivy.uix.relativelayout import RelativeLayout
from PIL import Image

from kiosk.journey.intents import Retake
from kiosk.journey.views import Preview, ScanView
from screens.page import Page, rules
from screens.theme import theme
from screens.widgets.badge import Badge
from screens.widgets.stack import show


class LivePicture(RelativeLayout):
    """Fits a picture into itself and draws a quadrilateral over it."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._texture: Texture | None = None
        self._corners: tuple[tuple[float, float], ...] | None = None
        self.bind(size=self._draw)

    def display(self, jpeg: bytes, corners: tuple[tuple[float, float], ...] | None = None) -> None:
        """Show a JPEG and its page's corners in 0…1 (y down); b"" shows nothing. A broken picture changes nothing."""
        if not jpeg:
            self._texture, self._corners = None, None
            self._draw()
            return
        try:
            picture = Image.open(io.BytesIO(jpeg), formats=["JPEG"]).convert("RGB")
        except (OSError, ValueError):
            return
        if self._texture is None or self._texture.size != picture.size:
            self._texture = Texture.create(size=picture.size, colorfmt="rgb")
            self._texture.flip_vertical()
        self._texture.blit_buffer(picture.tobytes(), colorfmt="rgb")
        self._corners = corners
        self._draw()

    def _draw(self, *_: object) -> None:
        group = self.canvas
        group.clear()
        if self._texture is None:
            return
        scale = min(self.width / self._texture.width, self.height / self._texture.height)
        wide, high = self._texture.width * scale, self._texture.height * scale
        left, base = (self.width - wide) / 2, (self.height - high) / 2
        with group:
            Color(1, 1, 1)
            Rectangle(pos=(left, base), size=(wide, high), texture=self._texture)
            if self._corners:
                points = [(left + x * wide, base + (1 - y) * high) for x, y in self._corners]
                Color(rgba=theme.focus)
                SmoothLine(points=[v for p in points for v in p], width=dp(4), close=True, joint="round")
                for x, y in points:
                    SmoothEllipse(pos=(x - dp(16), y - dp(16)), size=(dp(32), dp(32)))


class ScanPage(Page):
    """Live pictures come through `preview`, the page kept through the view."""

    view = ObjectProperty(ScanView("", ""), rebind=True)

    def on_view(self, *_: object) -> None:
        """The camera's state changed."""
        picture: LivePicture = self.ids.picture
        if self.view.state == "taken":
            picture.display(self.view.picture)
        elif self.view.state in ("starting", "gone"):
            picture.display(b"")
        flags: list[dict[str, Any]] = [
            {"words": ("✓ " if good else "! ") + words, "tone": "good" if good else "care"}
            for words, good in self.view.flags
        ]
        show(self.ids.flags, Badge, flags)

    def preview(self, preview: Preview) -> None:
        """A live picture of the camera."""
        if self.view.state not in ("starting", "taken", "gone"):
            self.ids.picture.display(preview.jpeg, preview.corners)

    def forget(self) -> None:
        """Forget the picture too."""
        super().forget()
        self.ids.picture.display(b"")

    def retake(self) -> None:
        """Take the page again."""
        self.send(Retake())


rules(__file__)
