"""A stage in a window drawn nowhere, hands to touch it with, and a recording of what it sends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kiosk.journey.intents import Intent
from screens import environment
from screens.samples import snapshots


def step() -> None:
    """One frame of Kivy without drawing it, which is most of the time."""
    from kivy.base import EventLoop
    from kivy.clock import Clock
    from kivy.lang import Builder

    Clock.tick()
    EventLoop.dispatch_input()
    Builder.sync()
    Clock.tick_draw()


class Hands:
    """Touches controls by their id, as a finger does, and keeps the intents sent."""

    def __init__(self) -> None:
        self.sent: list[Intent] = []
        self.stage: Any = None

    def settle(self, seconds: float = 0.0, frames: int = 5) -> None:
        """Let Kivy lay out."""
        until = time.monotonic() + seconds
        while frames > 0 or time.monotonic() < until:
            frames -= 1
            step()

    def tree(self) -> dict[str, Any]:
        from screens.accessibility import tree

        return tree(self.stage)

    def find(self, identity: str) -> dict[str, Any]:
        found = [control for control in self.tree()["controls"] if control["id"] == identity and control["visible"]]
        assert len(found) == 1, f"{identity}: {len(found)} on the screen"
        return found[0]

    def touch(
        self,
        x: float,
        y: float,
        to: tuple[tuple[float, float], ...] = (),
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        """Touch at (x, y) from the top left, perhaps drag, and lift; `moved` happens while the finger is down."""
        from kivy.core.window import Window
        from kivy.tests.common import UnitTestTouch

        finger = UnitTestTouch(x, Window.height - y)
        finger.touch_down()
        for ax, ay in to:
            finger.touch_move(ax, Window.height - ay)
        self.settle(frames=2)
        moved()
        before = len(self.sent)
        finger.touch_up()
        until = time.monotonic() + 0.15  # a page that scrolls hands a quick touch on after 0.1 s
        while len(self.sent) == before and time.monotonic() < until:
            step()
        self.settle(frames=3)

    def tap(self, identity: str, at_once: bool = False) -> None:
        """Touch the middle of a control; unless `at_once`, as one does who has looked at the page first."""
        until = time.monotonic() + (0.0 if at_once else 1.0)
        while not (control := self.find(identity))["enabled"] and time.monotonic() < until:
            self.settle(0.02)
        self.touch(control["x"] + control["w"] / 2, control["y"] + control["h"] / 2)

    def show(self, snapshot: Any, frames: int = 4) -> None:
        self.stage.show(snapshot)
        self.settle(frames=frames)


@pytest.fixture(scope="session")
def window() -> Any:
    """Kivy's window; the one another test of this process has opened, if any."""
    if "kivy.core.window" not in sys.modules:
        if "DISPLAY" not in os.environ:
            os.environ["SDL_VIDEODRIVER"] = "offscreen"
        environment.prepare(1080, 1920, borderless=True)
    from kivy.base import EventLoop, runTouchApp

    EventLoop.ensure_window()
    if EventLoop.status != "started":
        runTouchApp(embedded=True)
    return EventLoop.window


@pytest.fixture(scope="session")
def _hands(window: Any) -> Iterator[Hands]:
    """One stage for all tests of a process, as one terminal serves one citizen after another."""
    from screens.stage import Stage

    made = Hands()
    made.stage = Stage(lambda intent: made.sent.append(intent))
    window.add_widget(made.stage)
    yield made
    window.remove_widget(made.stage)


@pytest.fixture
def hands(_hands: Hands) -> Iterator[Hands]:
    """The stage at its attract page, nothing sent yet."""
    _hands.show(snapshots()["attract"], frames=1)
    _hands.sent.clear()
    yield _hands
    _hands.stage.tray.close()
