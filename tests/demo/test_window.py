"""`./run kiosk`: terminal and panel stand side by side, a card from the panel logs in, and an interrupt ends all."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def display() -> Iterator[str]:
    """A desktop of 1920 × 1080, on which the terminal does not fit in full size."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[write], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        yield f":{pipe.readline().decode().strip()}"
    process.terminate()
    process.wait(10)


def wait(what: str, look: Callable[[], bool], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.5)


def every_button_does_something(desk: dict[str, Any]) -> None:
    """Each command of the panel is carried out; the phone says so where no code is on the screen to be scanned."""
    for section in desk["sections"]:
        commands = [*section["buttons"].values(), *([section["watch"]] if "watch" in section else [])]
        for command in reversed(commands):
            answer = asked(section["address"], command.replace("{who}", desk["who"][1]))
            scans = command.split()[0] in ("agree", "deny")
            assert answer["ok"] != scans, (command, answer)
            assert not scans or "没有码" in answer["error"]


def asked(address: str, line: str) -> dict[str, Any]:
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(line.encode() + b"\n")
        with connection.makefile("rb") as answers:
            return dict(json.loads(answers.readline()))


@pytest.mark.timeout(200)
def test_terminal_and_panel_stand_side_by_side(display: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DISPLAY": display}

    def xdotool(*arguments: str) -> str:
        command = ["xdotool", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=10).stdout

    def windows() -> list[tuple[int, int, int]]:
        """(x, y, width) of each, from left to right."""
        found = []
        for window in xdotool("search", "--onlyvisible", "--class", ".").split():
            said = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", window).splitlines())
            found.append((int(said["X"]), int(said["Y"]), int(said["WIDTH"])))
        return sorted(found)

    out = tmp_path / "kiosk"
    opened = subprocess.Popen(
        [sys.executable, "-m", "demo", "window", "--out", str(out)], cwd=ROOT, env=environment,
        # whoever runs the tests in the background has SIGINT ignored, and programs inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        wait("two windows", lambda: len(windows()) == 2)
        terminal, panel = windows()
        assert terminal[0] + terminal[2] <= panel[0], "the panel covers the terminal"
        # 王示例 is chosen; the second of the ID card's three buttons lays her card down
        wait("a first page", lambda: "online" in (out / "logs" / "terminal.log").read_text("utf-8"))
        time.sleep(2)
        xdotool("mousemove", str(panel[0] + panel[2] // 2), str(panel[1] + 149), "click", "1")
        wait("the home page", lambda: "step: home" in (out / "logs" / "terminal.log").read_text("utf-8"), 20)
        every_button_does_something(json.loads((out / "panel.json").read_text("utf-8")))
    finally:
        opened.send_signal(signal.SIGINT)
        assert opened.wait(60) == 0
