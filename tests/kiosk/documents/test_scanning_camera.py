"""The scan session on a real camera wire: the simulated camera's MJPEG stream."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from kiosk.documents.scanning import Preview, ScannedPage, ScanSession
from tests.kiosk.documents.photographs import photo

PATIENCE = 20.0


class SimulatedCamera:
    """`python -m drivers.simulators.camera` as a program of its own."""

    def __init__(self, size: str) -> None:
        self.program = subprocess.Popen(
            [sys.executable, "-m", "drivers.simulators.camera", "--size", size],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.program.stdout is not None
        announced = json.loads(self.program.stdout.readline())
        self.url, self.control = announced["url"], announced["control"]

    def tell(self, words: str) -> None:
        answer = subprocess.run(
            [sys.executable, "-m", "drivers.simulators.control", self.control, *words.split()],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        assert json.loads(answer.stdout)["ok"]


@pytest.fixture(params=["2048x1536", "1280x720"])
def camera(request: pytest.FixtureRequest) -> Iterator[SimulatedCamera]:
    camera = SimulatedCamera(request.param)
    yield camera
    camera.program.kill()
    camera.program.wait()


def test_a_page_comes_over_the_wire_and_a_lost_stream_is_told(camera: SimulatedCamera, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "page.jpg"), photo())
    camera.tell(f"show {tmp_path / 'page.jpg'}")
    previews: queue.Queue[Preview] = queue.Queue()
    troubles: queue.Queue[str] = queue.Queue()
    session = ScanSession(camera.url)
    try:
        session.start(previews.put, troubles.put)
        while previews.get(timeout=PATIENCE).corners is None:
            pass
        page = session.capture(timeout=PATIENCE)
        assert isinstance(page, ScannedPage)
        assert page.height / page.width == pytest.approx(2**0.5, rel=0.02)
        assert troubles.empty()
        camera.tell("fault drop")
        assert troubles.get(timeout=PATIENCE) == "camera-gone"
    finally:
        session.stop()
