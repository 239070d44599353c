"""The citizen's eyes and hands: a real X server, a real pointer (xdotool), and what the screen says of itself."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from demo.programs import Failed, until

#: how long a page or an answer may take to come, on a machine busy with other work
PAGE_SECONDS = 90.0
#: a finger rests this long between two touches
REST = 0.12
#: the X class of the terminal's window
WINDOW_CLASS = "bianmin-kiosk"

Control = dict[str, Any]


class Screen:
    """The terminal's window: looked at through its accessibility socket, touched through the X server."""

    def __init__(self, display: str, accessibility: Path) -> None:
        self._display = display
        self._socket = accessibility
        self._origin: tuple[int, int] | None = None

    # looking

    def tree(self) -> dict[str, Any]:
        """What is on the screen now. Raises Failed when the terminal does not answer."""
        return self._ask("tree")

    def page(self) -> str:
        """The name of the page on the screen: LoginView, HomeView, …."""
        return str(self.tree()["screen"])

    def wait_for(self, page: str, seconds: float = PAGE_SECONDS) -> None:
        """Wait for a page. Raises Failed naming the one that is there instead."""
        deadline = time.monotonic() + seconds
        while (now := self.page()) != page:
            if time.monotonic() > deadline:
                raise Failed(f"the page {page} did not come within {seconds:.0f} s; {now} says: {self.text()[:200]}")
            time.sleep(0.1)

    def control(self, identifier: str, seconds: float = PAGE_SECONDS) -> Control:
        """A control by its id, once it is there, visible and enabled. Raises Failed."""

        def look() -> Control | None:
            for control in self.tree()["controls"]:
                if control["id"] == identifier and control.get("enabled", True) and control.get("visible", True):
                    return dict(control)
            return None

        found: Control = until(f"the control {identifier} on {self.page()}", seconds, look)
        return found

    def has(self, identifier: str) -> bool:
        """Whether a control is there at all."""
        return any(control["id"] == identifier for control in self.tree()["controls"])

    def text(self) -> str:
        """Everything the screen says now, joined."""
        said = (str(control.get(key, "")) for control in self.tree()["controls"] for key in ("name", "value"))
        return " | ".join(words for words in said if words)

    def wait_for_text(self, wanted: str, seconds: float = PAGE_SECONDS) -> None:
        """Wait until the screen says `wanted`. Raises Failed."""
        deadline = time.monotonic() + seconds
        while wanted not in (said := self.text()):
            if time.monotonic() > deadline:
                raise Failed(f"“{wanted}” did not come within {seconds:.0f} s; the screen says: {said[:300]}")
            time.sleep(0.1)

    def screenshot(self, path: Path) -> None:
        """What the window shows, as PNG."""
        answer = self._ask(f"screenshot {path}")
        if "saved" not in answer:
            raise Failed(f"no screenshot: {answer}")

    # touching

    def tap(self, identifier: str, seconds: float = PAGE_SECONDS) -> None:
        """Touch a control with the pointer; where it lies below, first "there is more below"."""
        deadline = time.monotonic() + seconds
        while True:
            controls = {control["id"]: control for control in self.tree()["controls"]}
            control, more = controls.get(identifier), controls.get("more")
            if control and control["visible"] and control["enabled"]:
                self._touch(control)
                return
            if time.monotonic() > deadline:
                raise Failed(f"{identifier} on {self.page()} did not come within {seconds:.0f} s")
            if control and not control["visible"] and more and more["visible"]:
                self._touch(more)
            time.sleep(REST)

    def type(self, keys: str) -> None:
        """Touch keys of the keyboard on the screen, one by one."""
        first = "key:space" if keys[0] == " " else f"key:{keys[0]}"
        self.control(first)
        places = {control["id"]: control for control in self.tree()["controls"] if control["role"] == "key"}
        self._touch(*(places["key:space" if key == " " else f"key:{key}"] for key in keys))

    def press(self, key: str, times: int) -> None:
        """Touch one key several times."""
        place = self.control(f"key:{key}")
        self._touch(*([place] * times))

    def draw(self, identifier: str, strokes: list[list[tuple[float, float]]]) -> None:
        """Draw strokes, in 0…1 of a control, with the pointer held down."""
        control = self.control(identifier)
        for stroke in strokes:
            points = [
                self._place(control["x"] + x * control["w"], control["y"] + y * control["h"])
                for x, y in _finger(stroke)
            ]
            moves = [word for point in points[1:] for word in ("mousemove", *point, "sleep", "0.012")]
            self._xdotool("mousemove", *points[0], "mousedown", "1", "sleep", "0.05", *moves, "mouseup", "1")
            time.sleep(REST)

    def _touch(self, *controls: Control) -> None:
        """One after the other, in the middle of each."""
        words: list[str] = []
        for control in controls:
            middle = self._place(control["x"] + control["w"] / 2, control["y"] + control["h"] / 2)
            words += ["mousemove", *middle, "click", "1", "sleep", str(REST)]
        self._xdotool(*words)

    def _place(self, x: float, y: float) -> tuple[str, str]:
        """A point of the window as words for the pointer on the whole screen."""
        if self._origin is None:
            said = self._xdotool("search", "--onlyvisible", "--class", WINDOW_CLASS, "getwindowgeometry", "--shell")
            found = dict(line.split("=") for line in said.splitlines() if "=" in line)
            self._origin = (int(found["X"]), int(found["Y"]))
        return str(int(self._origin[0] + x)), str(int(self._origin[1] + y))

    def _xdotool(self, *arguments: str) -> str:
        environment = {**os.environ, "DISPLAY": self._display}
        done = subprocess.run(
            ["xdotool", *arguments], env=environment, check=True, timeout=10, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def _ask(self, line: str) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(10)
            try:
                connection.connect(str(self._socket))
                connection.sendall(line.encode() + b"\n")
                with connection.makefile("rb") as answers:
                    reply = answers.readline()
            except OSError as error:
                raise Failed(f"the terminal's window does not answer ({type(error).__name__})") from None
        if not reply:
            raise Failed("the terminal's window is gone")
        answer: dict[str, Any] = json.loads(reply)
        return answer


def _finger(stroke: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A stroke with the points in between that a moving finger touches."""
    between = 8
    points = [
        (x1 + (x2 - x1) * step / between, y1 + (y2 - y1) * step / between)
        for (x1, y1), (x2, y2) in pairwise(stroke)
        for step in range(between)
    ]
    return [*points, stroke[-1]]
