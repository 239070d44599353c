"""Nobody is here: the name of the terminal, the clock, and one large button; the whole screen starts a visit."""

from __future__ import annotations

import math
from datetime import datetime

from kivy.graphics import Color, Mesh, Rectangle, SmoothLine
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from kiosk.journey.intents import SetCare, SetLanguage, Start
from kiosk.journey.views import AttractView
from kiosk.words import say
from screens.page import Page, rules
from screens.theme import theme

_SKY = ((11, 79, 108), (7, 59, 82))
_NEAR = (0.122, 0.416, 0.533)
#: the skyline, in design pixels from the left and up from the horizon: x, width, height, roof
_HOUSES = ((70, 60, 50, 0), (170, 90, 110, 0), (310, 110, 150, 50), (480, 80, 66, 0), (606, 124, 180, 0),
           (676, 20, 226, 0), (790, 90, 100, 0), (940, 80, 76, 0))  # fmt: skip


class Skyline(ButtonBehavior, Widget):
    """Evening over a city by the sea: drawn once for each size. It takes every touch nothing else takes."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._sky = Texture.create(size=(1, 2), colorfmt="rgb")
        self._sky.mag_filter = "linear"
        self._sky.wrap = "clamp_to_edge"
        self._sky.blit_buffer(bytes((*_SKY[0], *_SKY[1])), colorfmt="rgb")
        self.bind(size=self._draw, pos=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        width, scale = self.width, self.width / 1080
        horizon, shore = self.y + self.height * 0.355, self.y + self.height * 0.355
        with self.canvas:
            Color(1, 1, 1)
            Rectangle(pos=self.pos, size=self.size, texture=self._sky)
            Color(*_NEAR)
            base = horizon + dp(64)
            for x, wide, high, roof in _HOUSES:
                Rectangle(pos=(x * scale, base), size=(wide * scale, high * scale))
                if roof:
                    left, top = x * scale, base + high * scale
                    corners = [left, top, 0, 0, left + wide * scale, top, 0, 0,
                               left + wide * scale / 2, top + roof * scale, 0, 0]  # fmt: skip
                    Mesh(vertices=corners, indices=[0, 1, 2], mode="triangles")
            Rectangle(pos=(self.x, shore - dp(60)), size=(width, base - shore + dp(60)))
            Color(rgba=theme.ground)
            waves = [(width * n / 90, shore + dp(30) * math.sin(n / 90 * 2 * math.pi * 1.5)) for n in range(91)]
            mesh, edge = [], []
            for x, y in waves:
                mesh += [x, self.y, 0, 0, x, y, 0, 0]
                edge += [x, y]
            Mesh(vertices=mesh, indices=list(range(len(mesh) // 4)), mode="triangle_strip")
            SmoothLine(points=edge, width=dp(1.5))


class AttractPage(Page):
    """Sends Start wherever it is touched, but for the two pills."""

    bare = True
    scrolls = False
    view = ObjectProperty(AttractView(), rebind=True)
    clock = StringProperty("")
    day = StringProperty("")

    def tell_time(self, now: datetime) -> None:
        """Show this time and day."""
        weekday = say("attract.weekdays", theme.language).split()[now.weekday()]
        self.clock = f"{now:%H:%M}"
        self.day = say("attract.date", theme.language, year=now.year, month=now.month, day=now.day, weekday=weekday)

    def start(self) -> None:
        """Begin a visit, unless the terminal is closed."""
        if self.view.open:
            self.send(Start())

    def care(self) -> None:
        """Turn care mode on or off."""
        self.send(SetCare(not theme.care))

    def language(self) -> None:
        """Change to the other language."""
        self.send(SetLanguage("en" if theme.language == "zh" else "zh"))


rules(__file__)
