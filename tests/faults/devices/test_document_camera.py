"""The document camera: every state crossed with every fault of a camera on the network.

V4L2's own faults (in use by a stranger, by ourselves, pulled out) are in tests/drivers/test_video.py: there is no
camera to simulate below V4L2 without a kernel module.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from drivers.document_camera import DocumentCamera
from drivers.document_camera.device import camera_status
from drivers.errors import CameraDark, CameraError, CameraGone
from drivers.video.camera import Camera
from tests.drivers.conftest import Simulator
from tests.faults.devices import matrix

_NEW_WATCHER = {
    "silence": "offline: no-answer",
    "drop": "offline: no-stream",
    "stuck": "offline: no-frame",
    "garbage": "hardwareError: bad-picture",
    "half-frame": "hardwareError: bad-picture",
    "slow": "works",
    "frozen": "hardwareError: frozen",
    "dark": "hardwareError: dark",
    "busy": "deviceBusy: in-use",
}
EXPECTED: matrix.Expected = {
    # check(), as health and technicians do
    "closed": _NEW_WATCHER,
    # a scan begins after the fault
    "opening": _NEW_WATCHER,
    # frames are being read
    "reading": _NEW_WATCHER
    | {
        "silence": "offline: no-frame",
        "drop": "offline: no-frame",  # the next look is a new watcher: no-stream
        "busy": "offline: no-frame",  # cut off; the next look is a new watcher: in-use
    },
    # the stream was open and nobody read: it is opened anew, as what lies in it is old
    "paused": _NEW_WATCHER,
}


class Rig:
    """A camera and its simulator."""

    kind: type[Camera] = DocumentCamera
    limit = 6.0  # opening 3 s, a frame 2 s and a frame's worth of looking whether it moves

    def __init__(self, folder: Path) -> None:
        self.simulated = Simulator("camera", "--size", "640x480")
        self.camera = self.kind(self.simulated.said["url"])
        self.state = ""

    def enter(self, state: str) -> None:
        self.state = state
        self.camera.close()
        if state in ("reading", "paused"):
            self.camera.open()
            self.camera.read()
        if state == "paused":
            time.sleep(0.6)

    def meet(self, fault: str) -> str:
        self.simulated(f"fault {fault}")
        if self.state == "closed":
            status = self.camera.check()
            return "works" if status.usable else f"{status.device.value}: {status.detail}"
        try:
            if self.state == "opening":
                self.camera.open()
            end = time.monotonic() + (1.2 if fault == "slow" else self.limit + matrix.BUSY_MACHINE)
            while time.monotonic() < end:  # frames sent before the fault are good
                self.camera.read()
            return "works"
        except CameraError as error:
            status = camera_status(error)
            return f"{status.device.value}: {status.detail}"

    def recover(self) -> None:
        self.simulated("fault none")
        end = time.monotonic() + 20
        while True:
            try:
                assert self.camera.read().image.shape == (480, 640, 3)
                return
            except (CameraDark, CameraGone):  # frames sent before, a connection that is being closed
                assert time.monotonic() < end
        # a read after an error opens the stream by itself

    def close(self) -> None:
        self.camera.close()
        self.simulated.stop()


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("document_camera", Rig, EXPECTED, tmp_path_factory.mktemp("document_camera"))


@pytest.mark.parametrize("cell", matrix.cells("document_camera", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
