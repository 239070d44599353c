"""Code scanners of all three kinds: every state crossed with every fault."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno

from drivers.code_scanner import CodeRead, CodeScanner
from drivers.status import DeviceStatus
from tests.drivers.conftest import Simulator
from tests.drivers.told import ROOT, Told
from tests.faults.devices import matrix

NO_CODE, CODE, NOT_MET = "no code", "the code", matrix.NOT_MET
_GONE = "offline: gone"
# What has no end is thrown away, and the next code comes whole: that a scanner stays silent nobody can see.
_LINE = {
    "silence": NO_CODE, "half-frame": NO_CODE, "slow": CODE, "drop": _GONE, "garbage": "hardwareError: garbled",
    "babble": "hardwareError: garbled", "busy": NOT_MET, "lost": NOT_MET, "frozen": NOT_MET, "dark": NOT_MET,
    "stuck": NOT_MET,
}  # fmt: skip
_KEYS = _LINE | {"garbage": NO_CODE, "babble": NOT_MET, "busy": "offline: in-use", "lost": NO_CODE}
_CAMERA = dict.fromkeys(_LINE, NOT_MET) | {
    "drop": "offline: no-frame", "stuck": "offline: no-frame", "frozen": "hardwareError: frozen",
    "dark": "hardwareError: dark",
}  # fmt: skip
# Unless it is started, only its port can be asked.
_NOTHING = dict.fromkeys(_LINE, NOT_MET)
EXPECTED: matrix.Expected = {
    "line: waiting": _LINE,
    # one half code is followed by the noise: the first end ends both
    "line: in a code": _LINE | {"slow": NOT_MET},
    "line: not started": _NOTHING | {"drop": _GONE},
    "keys: waiting": _KEYS,
    "keys: in a code": _KEYS | {"slow": NOT_MET},
    "keys: not started": _NOTHING | {"drop": _GONE, "busy": "offline: in-use"},
    "camera: looking": _CAMERA,
    "camera: not started": _CAMERA | {"drop": "offline: no-stream"},
}


class _Line:
    """A serial scanner, in this process."""

    def __init__(self, folder: Path) -> None:
        self.simulator = Simulator("code_scanner_serial", "--end", "cr")
        self.scanner = CodeScanner(self.simulator.said["address"], end="cr")
        self.codes: queue.Queue[str] = queue.Queue()

    def start(self) -> None:
        self.scanner.start(lambda event: self.codes.put(event.text) if isinstance(event, CodeRead) else None)

    def status(self) -> str:
        return _words(self.scanner.check(fresh=True))

    def scan(self, text: str) -> None:
        self.simulator(f"scan {text}")

    def begin(self, text: str) -> None:
        self.simulator(f"begin {text}")

    def recover(self) -> None:
        self.simulator("fault none")
        self.scanner.look_again()

    def stop(self) -> None:
        self.scanner.stop()
        self.simulator.stop()


class _Camera(_Line):
    """A camera, in this process and its worker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.simulator = Simulator("camera", "--size", "640x480")
        self.scanner = CodeScanner(self.simulator.said["url"])
        self.codes = queue.Queue()

    def scan(self, text: str) -> None:
        segno.make_qr(text).save(str(self.folder / "code.png"), scale=8)
        self.simulator(f"show {self.folder / 'code.png'}")


class _Keys(_Line):
    """A scanner that types; its driver is a program of its own, in umockdev's environment."""

    def __init__(self, folder: Path) -> None:
        self.simulator = Simulator("wedge")
        self.codes = queue.Queue()
        self.watch: Told | None = None
        self.said: dict[str, Any] = {}

    def start(self) -> None:
        said = self.simulator.said
        words = ("drivers.code_scanner", "watch", "--source", said["address"], "--end", "cr")
        self.watch = Told(*words, environment=said["environment"])

    def status(self) -> str:
        if self.watch is None:
            said = self.simulator.said
            done = subprocess.run(
                [sys.executable, "-m", "drivers.code_scanner", "status", "--source", said["address"], "--json"],
                cwd=ROOT, env={**os.environ, **said["environment"]}, capture_output=True, timeout=30, check=False,
            )  # fmt: skip
            self.said = json.loads(done.stdout)
        else:
            for line in self.watch.new():
                if line["event"] == "code":
                    self.codes.put(line["text"])
                else:
                    self.said = line
        if not self.said:
            return "starting"
        return "works" if self.said["device"] == "online" else f"{self.said['device']}: {self.said['detail']}"

    def begin(self, text: str) -> None:
        self.simulator(f"type {text}")

    def recover(self) -> None:
        self.simulator("fault none")

    def stop(self) -> None:
        if self.watch is not None:
            self.watch.stop()
        self.simulator.stop()


def _words(status: DeviceStatus) -> str:
    return "works" if status.usable else f"{status.device.value}: {status.detail}"


_KINDS: dict[str, type[_Line]] = {"line": _Line, "keys": _Keys, "camera": _Camera}
_numbers = itertools.count()


class Rig:
    """One scanner of one kind, made when the state is known."""

    limit = 8.0  # a camera: opening 3 s, reading 2 s, and its back-off

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.one: _Line | None = None
        self.started = self.begun = False

    def enter(self, state: str) -> None:
        kind, where = state.split(": ")
        self.begun = where == "in a code"
        if self.one is None:
            self.one = _KINDS[kind](self.folder)
            self.started = where != "not started"
            if self.started:
                self.one.start()
        self._until(lambda: self._one.status() == "works")
        if self.begun:
            self._one.begin("BEGUN")

    def meet(self, fault: str) -> str:
        one = self._one
        if fault == "busy":
            one.simulator("fault drop")
            if self.started:
                self._until(lambda: one.status() == _GONE)
        one.simulator(f"fault {fault}")
        end = time.monotonic() + self.limit + matrix.BUSY_MACHINE
        if not self.started:
            return one.status()
        asks = isinstance(one, _Camera) or fault in ("drop", "busy", "babble")
        if self.begun and not asks:
            time.sleep(0.5)  # the rest does not come: longer than the pause that ends a code
        # a caller scans: once, and three times where the first was noise
        for _ in range(0 if asks else 3 if fault == "garbage" else 1):
            one.scan("MET")
        quiet = time.monotonic() + 0.8 if not asks else end
        while time.monotonic() < end:
            status = one.status()
            if status != "works" and (fault, status) != ("busy", _GONE):
                return status
            if not one.codes.empty():
                return CODE if one.codes.get() == "MET" else "a wrong code"
            if time.monotonic() > quiet:
                return NO_CODE
            time.sleep(0.02)
        return "nothing"

    def recover(self) -> None:
        one = self._one
        one.recover()
        self._until(
            lambda: (self.started and not isinstance(one, _Camera) and self._scanned()) or one.status() == "works"
        )
        if not self.started:
            return
        self._until(self._scanned)

    def _scanned(self) -> bool:
        """Whether a code comes back exactly."""
        code = f"AGAIN-{next(_numbers)}"
        if self._one.status() not in ("works", "hardwareError: garbled"):
            return False
        self._one.scan(code)
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            self._one.status()
            while not self._one.codes.empty():
                if self._one.codes.get() == code:
                    return self._one.status() == "works"
            time.sleep(0.02)
        return False

    def close(self) -> None:
        if self.one is not None:
            self.one.stop()

    @property
    def _one(self) -> _Line:
        assert self.one is not None
        return self.one

    @staticmethod
    def _until(true: Callable[[], object]) -> None:
        end = time.monotonic() + 25
        while not true():
            assert time.monotonic() < end, "not in 25 s"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("code_scanner", Rig, EXPECTED, tmp_path_factory.mktemp("code_scanner"))


@pytest.mark.parametrize("cell", matrix.cells("code_scanner", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
