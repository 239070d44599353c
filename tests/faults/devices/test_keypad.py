"""The keypad: every state crossed with every fault. The driver is a program of its own, in umockdev's environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.conftest import Simulator
from tests.drivers.told import ROOT, Told
from tests.faults.devices import matrix

_GONE, _IN_USE, NO_KEY = "offline: gone", "offline: in-use", "no key"
_READING = {
    "silence": NO_KEY,  # nobody can see that a keypad stays silent
    "drop": _GONE,
    "busy": _IN_USE,
    "garbage": NO_KEY,
    "stuck": "pressed, held",  # once each, however long it is stuck
    "lost": "pressed",  # and not held: after lost events no key is down
}
EXPECTED: matrix.Expected = {
    "reading": _READING,
    "key down": _READING,
    "not started": {
        "silence": matrix.NOT_MET,
        "drop": _GONE,
        "busy": _IN_USE,
        "garbage": matrix.NOT_MET,
        "stuck": matrix.NOT_MET,
        "lost": matrix.NOT_MET,
    },
}


class Rig:
    """A keypad and `python -m drivers.keypad read`."""

    limit = 3.0  # a long press is told after 1 s; a plug that went, at once

    def __init__(self, folder: Path) -> None:
        self.pad = Simulator("keypad")
        self.read: Told | None = None
        self.started = True

    def enter(self, state: str) -> None:
        self.started = state != "not started"
        if self.started and self.read is None:
            said = self.pad.said
            words = ("drivers.keypad", "read", "--address", said["address"], "--timeout", "600")
            self.read = Told(*words, environment=said["environment"])
            self.read.wait(event="status", device="online")
        if state == "key down":  # an arrow key stays down; it repeats nothing here and is let go by recover()
            self.pad("keys 103:1")
            self._told.wait(event="pressed", key="up")

    def meet(self, fault: str) -> str:
        if fault == "busy":
            self.pad("fault drop")
            if self.started:
                self._told.wait(event="status", device="offline", detail="gone")
        self.pad(f"fault {fault}")
        if not self.started:
            said = self._status()
            return f"{said['device']}: {said['detail']}"
        if fault == "drop":
            line = self._told.wait(event="status")
            return f"{line['device']}: {line['detail']}"
        if fault == "busy":
            line = self._told.wait(event="status", detail="in-use")
            return f"{line['device']}: {line['detail']}"
        self.pad("press 5")
        time.sleep(1.6 if fault in ("stuck", "lost") else 0.3)  # longer than a long press, or than a press
        return ", ".join(line["event"] for line in self._told.new() if line.get("key") == "five") or NO_KEY

    def recover(self) -> None:
        fault = self.pad("state")["fault"]
        self.pad("fault none")
        if not self.started:
            end = time.monotonic() + 20
            while self._status()["device"] != "online":
                assert time.monotonic() < end
            return
        if fault in ("drop", "busy"):
            self._told.wait(event="status", device="online")
        self.pad("keys 103:0 76:0")
        for key, name in (("5", "five"), ("up", "up"), ("enter", "enter")):
            self.pad(f"press {key}")
            assert self._told.wait(event="pressed") == {"event": "pressed", "key": name}

    def close(self) -> None:
        if self.read is not None:
            self.read.stop()
        self.pad.stop()

    @property
    def _told(self) -> Told:
        assert self.read is not None
        return self.read

    def _status(self) -> dict[str, Any]:
        said = self.pad.said
        done = subprocess.run(
            [sys.executable, "-m", "drivers.keypad", "status", "--address", said["address"], "--json"],
            cwd=ROOT, env={**os.environ, **said["environment"]}, capture_output=True, timeout=30, check=False,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("keypad", Rig, EXPECTED, tmp_path_factory.mktemp("keypad"))


@pytest.mark.parametrize("cell", matrix.cells("keypad", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
