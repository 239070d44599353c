"""The guide lights: every state crossed with every fault of a relay board."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.lamps import Lamps
from drivers.status import DeviceState
from tests.drivers.conftest import Simulator
from tests.faults.devices import matrix

_GONE = "offline: gone"
_SILENT = "offline: no-answer"
EXPECTED: matrix.Expected = {
    state: {
        "silence": _SILENT,
        "drop": _GONE,
        "garbage": "hardwareError: garbage",
        "half-frame": "hardwareError: bad-checksum",
        "bad-checksum": "hardwareError: bad-checksum",
        "wrong-answer": "hardwareError: garbage",
        "busy": "deviceBusy: busy",
        # a board that looks as it should and switches nothing shows only where something is to be switched
        "stuck": "works" if state == "all off" else "hardwareError: not-switched",
        "slow": "works",
        "echo": "works",
    }
    for state in ("all off", "lit", "flashing")
} | {
    "not started": {
        "silence": _SILENT,
        "drop": _GONE,
        "garbage": "hardwareError: garbage",
        "half-frame": "hardwareError: bad-checksum",
        "bad-checksum": "hardwareError: bad-checksum",
        "wrong-answer": "hardwareError: garbage",
        "busy": "deviceBusy: busy",
        "stuck": matrix.NOT_MET,  # nothing is switched
        "slow": "works",
        "echo": "works",
    }
}
_WANTED = {"all off": {}, "lit": {"cardReader": "continuous"}, "flashing": {"cardReader": "quick"}}


class Rig:
    """The lamps and a simulated board."""

    limit = 4.0  # a look every second, two tries of 1 s each, and the rest of a look that had begun

    def __init__(self, folder: Path) -> None:
        self.board = Simulator("lamps")
        self.lamps = Lamps(self.board.said["port"], lights={"cardReader": 0, "scanner": 1})
        self.state = ""
        self.switched = 0

    def enter(self, state: str) -> None:
        if state != "not started" and not self.state:
            self.lamps.start()
        self.state = state
        if state == "not started":
            assert self.lamps.check().usable
            return
        for light, flash in _WANTED[state].items():
            self.lamps.set(light, flash)
        self._until(self._shown)

    def meet(self, fault: str) -> str:
        self.board(f"fault {fault}")
        if fault == "drop":
            self._until(lambda: not os.path.lexists(self.board.said["port"]))
        if self.state == "not started":
            return self._outcome(self.lamps.check())
        harmless = EXPECTED[self.state][fault] == "works"
        if fault in ("stuck", "slow", "echo") and (fault, self.state) != ("stuck", "all off"):
            self.lamps.set("scanner")  # what a caller does: light another
        if self.state == "all off" or fault not in ("silence", "drop", "stuck"):  # these are seen by themselves
            self.lamps.look_again()
        asked, end = self.board("state")["requests"], time.monotonic() + self.limit + matrix.BUSY_MACHINE
        while time.monotonic() < end and self.lamps.status.usable:
            if harmless and self.board("state")["requests"] > asked + 1:
                break
            time.sleep(0.02)
        assert fault not in ("slow", "echo") or self.board("state")["coils"][1], "it was said, and is not lit"
        return self._outcome(self.lamps.status)

    def recover(self) -> None:
        self.board("fault none")
        if self.state == "not started":
            self._until(lambda: self.lamps.check().usable)
            return
        self.lamps.set("scanner", "off")
        self.lamps.look_again()
        self._until(lambda: self.lamps.status.device is DeviceState.ONLINE)
        self.lamps.set("scanner")
        self._until(lambda: self.board("state")["coils"][1])
        self.lamps.set("scanner", "off")
        self._until(self._shown)

    def close(self) -> None:
        self.lamps.stop()
        self.board.stop()

    def _shown(self) -> bool:
        """Whether the board shows what is wanted: a flashing lamp when it changed twice."""
        before = self.board("state")
        if self.state == "flashing":
            changed, self.switched = before["switched"][0] != self.switched, before["switched"][0]
            return self.lamps.status.usable and changed and not before["coils"][1]
        return self.lamps.status.usable and before["coils"][:2] == [self.state == "lit", False]

    @staticmethod
    def _outcome(status: object) -> str:
        return "works" if status.usable else f"{status.device.value}: {status.detail}"  # type: ignore[attr-defined]

    @staticmethod
    def _until(true: Callable[[], object]) -> None:
        end = time.monotonic() + 20
        while not true():
            assert time.monotonic() < end, "not in 20 s"
            time.sleep(0.02)


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("lamps", Rig, EXPECTED, tmp_path_factory.mktemp("lamps"))


@pytest.mark.parametrize("cell", matrix.cells("lamps", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
