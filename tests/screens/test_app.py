"""The app as a program: its accessibility socket, its threads, its end."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
ENGINES = ("strokes", "picture")


def ask(path: Path, line: str) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(15)
        wire.connect(str(path))
        wire.sendall(line.encode() + b"\n")
        return json.loads(wire.makefile().readline())


def wait_for(path: Path, screen: str) -> dict[str, Any]:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if path.exists() and (tree := ask(path, "tree")).get("screen") == screen:
            return tree
        time.sleep(0.1)
    raise AssertionError(f"{screen} was not shown")


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    path = tmp_path / "accessibility"
    program = [sys.executable, str(Path(__file__).parent / "scripted_kiosk.py"), str(path)]
    with subprocess.Popen(
        program,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process, path
        if process.poll() is None:
            process.kill()


def test_a_program_is_told_what_is_on_the_screen_and_stops_when_told(
    kiosk: tuple[subprocess.Popen[str], Path], tmp_path: Path
) -> None:
    process, path = kiosk
    tree = wait_for(path, "LoginView")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    by_id = {control["id"]: control for control in tree["controls"]}
    code = by_id["way:citizen_code"]
    assert code["role"] == "button"
    assert code["name"] == "出示居民码"
    assert code["enabled"]
    # the window is half as large as the design: so are the rectangles
    assert 0 < code["x"] < code["x"] + code["w"] < 540
    assert by_id["back"]["y"] > 750
    assert by_id["title"]["name"] == "请出示身份"

    picture = tmp_path / "now.png"
    assert ask(path, f"screenshot {picture}") == {"saved": str(picture)}
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "error" in ask(path, "dance")

    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert process.stdout is not None
    assert process.stdout.read().split() == ["stopped"]
    assert not path.exists()


def test_the_engines_are_there_before_anybody_writes_and_gone_after(
    kiosk: tuple[subprocess.Popen[str], Path],
) -> None:
    process, path = kiosk
    wait_for(path, "LoginView")

    def workers() -> set[str]:
        """The modules and arguments of the processes the kiosk has started."""
        found = set()
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError, IndexError):
                    parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                    if int(parent) == process.pid:
                        found.add(" ".join((folder / "cmdline").read_text().split("\0")[2:4]))
                        started.add(folder)
        return found

    started: set[Path] = set()
    wanted = {
        f"screens.keyboards.{name}" for name in ("rime_worker --data", *(f"handwriting_worker {e}" for e in ENGINES))
    }
    until = time.monotonic() + 30
    while not wanted <= workers():
        assert time.monotonic() < until, workers()
        time.sleep(0.1)
    process.kill()
    process.wait(10)
    while any((folder / "cmdline").exists() and (folder / "cmdline").read_bytes() for folder in started):
        assert time.monotonic() < until + 30, "a worker outlives the kiosk that was killed"
        time.sleep(0.1)
