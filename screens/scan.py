"""The document camera: the live picture with the page's corners, or the page just kept."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle, SmoothEllipse, SmoothLine
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.journey.intents import (
    AddPage,
    DeletePage,
    FromPhone,
    FromPlatform,
    FromScanner,
    FromStick,
    KeepPage,
    MovePage,
    Retake,
    ShowPage,
    TurnPage,
    WithoutPaper,
)
from kiosk.journey.views import Preview, ScanView
from screens.live import Live
from screens.page import Page, rules
from screens.theme import theme
from screens.widgets.badge import Badge
from screens.widgets.button import PushButton
from screens.widgets.page_tile import PageTile
from screens.widgets.stack import show


class LivePicture(Live):
    """Fits a picture into itself and draws a quadrilateral over it."""

    corners: tuple[tuple[float, float], ...] | None = None
    marks: tuple[tuple[float, float, float, float], ...] = ()

    def show(
        self,
        jpeg: bytes,
        corners: tuple[tuple[float, float], ...] | None,
        marks: tuple[tuple[float, float, float, float], ...] = (),
    ) -> None:
        """Show a JPEG, its page's corners, and rectangles of what is wrong, in 0…1 (y down)."""
        before = self.corners, self.marks
        self.corners, self.marks = corners, marks
        if not self.display(jpeg):
            self.corners, self.marks = before

    def draw(self, texture: Texture) -> None:
        """The picture, then the corners and marks."""
        scale = min(self.width / texture.width, self.height / texture.height)
        wide, high = texture.width * scale, texture.height * scale
        left, base = self.x + (self.width - wide) / 2, self.y + (self.height - high) / 2
        Color(1, 1, 1)
        Rectangle(pos=(left, base), size=(wide, high), texture=texture)
        if self.corners:
            points = [(left + x * wide, base + (1 - y) * high) for x, y in self.corners]
            Color(rgba=theme.focus)
            SmoothLine(points=[v for p in points for v in p], width=dp(4), close=True, joint="round")
            for x, y in points:
                SmoothEllipse(pos=(x - dp(16), y - dp(16)), size=(dp(32), dp(32)))
        for mark in self.marks:
            # a small fault is still to be seen, one at the picture's edge within it
            x, y = left + (mark[0] + mark[2]) / 2 * wide, base + (1 - (mark[1] + mark[3]) / 2) * high
            half_wide = max((mark[2] - mark[0]) * wide / 2, dp(40))
            half_high = max((mark[3] - mark[1]) * high / 2, dp(40))
            ring = (
                max(x - half_wide, left + dp(6)), max(y - half_high, base + dp(6)),
                min(x + half_wide, left + wide - dp(6)), min(y + half_high, base + high - dp(6)),
            )  # fmt: skip
            for colour, width in ((theme.ink, 8), (theme.amberline, 5)):
                Color(rgba=colour)
                SmoothLine(
                    rounded_rectangle=(ring[0], ring[1], ring[2] - ring[0], ring[3] - ring[1], dp(16)), width=dp(width)
                )


class Tools(BoxLayout):
    """Buttons side by side; those that are gone leave their room to the others, and where all are it takes none."""

    def __init__(self, **values: object) -> None:
        self._tools: list[PushButton] = []
        super().__init__(**values)

    def add_widget(self, widget: Widget, *args: Any, **kwargs: Any) -> None:
        """A button, for good; it is shown while it is not gone."""
        super().add_widget(widget, *args, **kwargs)
        if widget not in self._tools:
            self._tools.append(widget)
            widget.bind(gone=self._arrange)

    def _arrange(self, *_: object) -> None:
        wanted = [tool for tool in self._tools if not tool.gone]
        if wanted != list(reversed(self.children)):
            self.clear_widgets()
            for tool in wanted:
                super().add_widget(tool)


class ScanPage(Page):
    """Live pictures come through `preview`, the page kept through the view."""

    view = ObjectProperty(ScanView("", ""), rebind=True)
    taken = BooleanProperty(False)
    edits = BooleanProperty(False)
    sorts = BooleanProperty(False)
    adds = BooleanProperty(False)
    phones = BooleanProperty(False)
    sticks = BooleanProperty(False)
    held = BooleanProperty(False)
    scanners = BooleanProperty(False)

    def on_view(self, *_: object) -> None:
        """The camera's state changed."""
        picture: LivePicture = self.ids.picture
        if self.view.state in ("taken", "reading") or (self.view.state == "refused" and self.view.picture):
            picture.show(self.view.picture, None, self.view.marks)
        elif self.view.state in ("starting", "gone"):
            picture.clear()
        flags: list[dict[str, Any]] = [
            {"words": ("✓ " if good else "! ") + words, "tone": "good" if good else "care"}
            for words, good in self.view.flags
        ]
        show(self.ids.flags, Badge, flags)
        tiles: list[dict[str, Any]] = [
            {
                "picture": picture,
                "number": place + 1,
                "selected": place == self.view.at,
                "key": str(place),
                "control_id": f"page:{place}",
                "control_name": str(place + 1),
            }
            for place, picture in enumerate(self.view.strip)
        ]
        show(self.ids.strip, PageTile, tiles, lambda tile: self.send(ShowPage(int(tile.key))))

    def preview(self, preview: Preview) -> None:
        """A live picture of the camera."""
        if self.view.state not in ("starting", "taken", "reading", "gone") and not self.view.picture:
            self.ids.picture.show(preview.jpeg, preview.corners)

    def forget(self) -> None:
        """Forget the picture too."""
        super().forget()
        self.ids.picture.clear()

    def without(self) -> None:
        """The citizen does not have this paper today."""
        self.send(WithoutPaper())

    def retake(self) -> None:
        """Take the page again."""
        self.send(Retake())

    def add(self) -> None:
        """One more page."""
        self.send(AddPage())

    def turn(self) -> None:
        """A quarter, clockwise."""
        self.send(TurnPage())

    def move(self, by: int) -> None:
        """Earlier or later."""
        self.send(MovePage(by))

    def delete(self, sure: bool) -> None:
        """Delete the page looked at; it asks once."""
        self.send(DeletePage(sure))

    def keep(self) -> None:
        """Not after all."""
        self.send(KeepPage())

    def from_phone(self) -> None:
        """The pages come from the phone."""
        self.send(FromPhone())

    def from_platform(self) -> None:
        """What the platform has is looked at again."""
        self.send(FromPlatform())

    def from_scanner(self) -> None:
        """The pages come from the document scanner."""
        self.send(FromScanner())

    def from_stick(self) -> None:
        """The pages come from a USB stick."""
        self.send(FromStick())


rules(__file__)
