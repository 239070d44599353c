"""The face before the camera: a live picture in an oval, and what to do next."""

from __future__ import annotations

from kivy.graphics import Color, Ellipse
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import ColorProperty, ObjectProperty, OptionProperty
from kivy.uix.floatlayout import FloatLayout
from PIL import Image, ImageOps

from kiosk.journey.views import FaceView, Preview
from screens.live import Live
from screens.page import Page, rules
from screens.widgets.stack import show

#: width of the oval to its height
OVAL = 3 / 4


class FacePicture(Live):
    """The middle of the picture in an oval. It comes as a mirror shows it: who turns left sees it go left."""

    ring = ColorProperty("#C9D3DC")
    ground = ColorProperty("#FFFFFF")

    def prepare(self, picture: Image.Image) -> Image.Image:
        """The largest middle part of the oval's shape."""
        width = min(picture.width, round(picture.height * OVAL))
        height = min(picture.height, round(width / OVAL))
        return ImageOps.fit(picture, (width, height), Image.Resampling.BILINEAR)

    def draw(self, texture: Texture) -> None:
        """The oval, inside its ring."""
        edge = dp(4)
        Color(1, 1, 1)
        Ellipse(
            pos=(self.x + edge, self.y + edge),
            size=(self.width - 2 * edge, self.height - 2 * edge),
            texture=texture,
            segments=180,
        )


class StepMark(FloatLayout):
    """One thing to do: done, to be done now, or later."""

    stands = OptionProperty("later", options=["done", "now", "later"])


class FacePage(Page):
    """Live pictures come through `preview` and are shown only while the face is looked at."""

    view = ObjectProperty(FaceView("", ""), rebind=True)

    def on_view(self, *_: object) -> None:
        """The state of the check changed."""
        if self.view.state not in ("looking", "comparing"):
            self.ids.picture.clear()
        marks = [
            {"stands": "done" if n < self.view.done else "now" if n == self.view.done else "later"}
            for n in range(self.view.total if self.view.state in ("looking", "comparing") else 0)
        ]
        show(self.ids.marks, StepMark, marks)

    def preview(self, preview: Preview) -> None:
        """A live picture of the camera."""
        if self.view.state == "looking":
            self.ids.picture.display(preview.jpeg)

    def forget(self) -> None:
        """Forget the picture too."""
        super().forget()
        self.ids.picture.clear()


rules(__file__)
