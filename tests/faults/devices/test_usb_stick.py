"""The USB stick: every state crossed with every fault of a slot."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.errors import DriverError
from drivers.usb_stick import UsbStick
from tests.drivers.conftest import Simulator
from tests.faults.devices import matrix

_GONE = "failed: no-stick"
EXPECTED: matrix.Expected = {
    # check()
    "no stick": {
        "drop": "online: notPresent",
        "garbage": "userError: unknown",
        "endless": "online: present",
    },
    "stick in": {
        "drop": "online: notPresent",
        "garbage": "userError: unknown",
        "endless": "online: present",
    },
    # files() of a stick that is in, and read() of one that was listed
    "listing": {"drop": _GONE, "garbage": _GONE, "endless": "0 files"},
    "reading": {"drop": _GONE, "garbage": _GONE, "endless": "failed: unreadable"},
}
CONTENT = b"%PDF-1.7 a paper"


class Rig:
    """The driver and a simulated slot."""

    limit = 2.0

    def __init__(self, folder: Path) -> None:
        self.papers = folder / "papers"
        self.papers.mkdir()
        (self.papers / "a.pdf").write_bytes(CONTENT)
        self.slot = Simulator("usb_stick", "--slot", str(folder / "slot"))
        self.stick = UsbStick(self.slot.said["folder"])
        self.state = ""

    def enter(self, state: str) -> None:
        self.state = state
        self.slot("pull" if state == "no stick" else f"plug {self.papers}")
        assert self.stick.check().usable
        self.file = None if state == "no stick" else self.stick.files()[0]

    def meet(self, fault: str) -> str:
        self.slot(f"fault {fault}")
        try:
            if self.state == "listing":
                return f"{len(self.stick.files())} files"
            if self.state == "reading":
                assert self.file is not None
                return str(self.stick.read(self.file))
        except DriverError as error:
            return f"failed: {error.code}"
        status = self.stick.check()
        return f"{status.device.value}: {status.media}"

    def recover(self) -> None:
        self.slot("fault none")
        self.slot(f"plug {self.papers}")
        [file] = self.stick.files()
        assert self.stick.read(file) == CONTENT

    def close(self) -> None:
        self.slot.stop()


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("usb_stick", Rig, EXPECTED, tmp_path_factory.mktemp("usb_stick"))


@pytest.mark.parametrize("cell", matrix.cells("usb_stick", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
