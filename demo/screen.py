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

#: how long a page may take to come after a touch; scans and prints have their own limits
PAGE_SECONDS = 15.0
#: a finger rests this long between two touches
REST = 0.12

Control = dict[str, Any]


class Display:
    """A virtual X server of the terminal's size, or the one in DISPLAY when `seen`."""

    def __init__(self, width: int, height: int, log: Path, seen: bool = False) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        if seen:
            self.name = os.environ["DISPLAY"]
            return
        read, write = os.pipe()
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
                pass_fds=[write],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=file,
            )
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Failed("Xvfb did not start")
        self.name = f":{number.decode()}"

    def stop(self) -> None:
        """End the X server, if it is ours."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


class Screen:
    """The terminal's window: looked at through its accessibility socket, touched through the X server."""

    def __init__(self, display: str, accessibility: Path) -> None:
        self._display = display
        self._socket = accessibility

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
        for key in keys:
            self._touch(places["key:space" if key == " " else f"key:{key}"])

    def press(self, key: str, times: int) -> None:
        """Touch one key several times."""
        place = self.control(f"key:{key}")
        for _ in range(times):
            self._touch(place)

    def draw(self, identifier: str, strokes: list[list[tuple[float, float]]]) -> None:
        """Draw strokes, in 0…1 of a control, with the pointer held down."""
        control = self.control(identifier)
        for stroke in strokes:
            points = [(control["x"] + x * control["w"], control["y"] + y * control["h"]) for x, y in _finger(stroke)]
            moves = [word for point in points[1:] for word in ("mousemove", *_whole(point), "sleep", "0.012")]
            self._xdotool("mousemove", *_whole(points[0]), "mousedown", "1", "sleep", "0.05", *moves, "mouseup", "1")
            time.sleep(REST)

    def _touch(self, control: Control) -> None:
        x, y = _middle(control)
        self._xdotool("mousemove", str(x), str(y), "click", "1")
        time.sleep(REST)

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env={**os.environ, "DISPLAY": self._display}, check=True, timeout=10)

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


def _middle(control: Control) -> tuple[int, int]:
    return int(control["x"] + control["w"] / 2), int(control["y"] + control["h"] / 2)


def _whole(point: tuple[float, float]) -> tuple[str, str]:
    return str(int(point[0])), str(int(point[1]))


def _finger(stroke: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A stroke with the points in between that a moving finger touches."""
    between = 8
    points = [
        (x1 + (x2 - x1) * step / between, y1 + (y2 - y1) * step / between)
        for (x1, y1), (x2, y2) in pairwise(stroke)
        for step in range(between)
    ]
    return [*points, stroke[-1]]
