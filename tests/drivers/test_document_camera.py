"""The document camera through a simulated MJPEG stream."""

from __future__ import annotations

import json
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.document_camera import CameraDark, CameraFrozen, CameraGone, DocumentCamera


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    page = np.full((600, 800, 3), 90, np.uint8)
    page[100:500, 200:600] = (255, 255, 255)
    path = tmp_path / "paper.png"
    cv2.imwrite(str(path), page)
    return path


def test_frames_show_what_lies_there_now(simulator, paper: Path) -> None:
    simulated = simulator("camera", "--size", "1600x1200")
    with DocumentCamera(simulated.said["url"]) as camera:
        before = camera.read()
        assert before.image.shape == (1200, 1600, 3) and before.image.dtype == np.uint8
        assert abs(float(before.image.mean()) - 128) < 5
        simulated(f"show {paper}")
        time.sleep(0.7)
        asked = time.monotonic()
        frame = camera.read()
        assert frame.at >= asked
        assert frame.image[600, 800].min() > 230, "the frame shows the past"
        assert not np.array_equal(frame.image, camera.read().image)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("frozen", CameraFrozen),
        ("dark", CameraDark),
        ("black", CameraDark),
        ("drop", CameraGone),
        ("stuck", CameraGone),
    ],
)
def test_no_bad_frame_is_given(simulator, fault: str, error: type[Exception]) -> None:
    simulated = simulator("camera", "--size", "640x480")
    with DocumentCamera(simulated.said["url"]) as camera:
        camera.read()
        simulated(f"fault {fault}")
        began = time.monotonic()
        with pytest.raises(error):
            for _ in range(30):  # frames sent before the fault are good
                camera.read()
        assert time.monotonic() - began < 8
        simulated("fault none")
        for _ in range(10):
            try:
                camera.read()
                break
            except CameraDark:
                pass  # frames sent before
        else:
            pytest.fail("the camera did not come back")


def test_no_camera_is_gone() -> None:
    with pytest.raises(CameraGone):
        DocumentCamera("http://127.0.0.1:9/none").open()
    with pytest.raises(CameraGone):
        DocumentCamera("/dev/no-such-video").open()


def test_the_command_line(simulator, run, paper: Path, tmp_path: Path) -> None:
    simulated = simulator("camera", "--size", "800x600")
    url = simulated.said["url"]
    simulated(f"show {paper}")
    assert run("drivers.document_camera", "status", "--url", url).returncode == 0
    out = tmp_path / "scan.jpg"
    done = run("drivers.document_camera", "scan", "--url", url, "--out", str(out), "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["width"] == 800
    assert cv2.imread(str(out)).shape == (600, 800, 3)
    simulated("fault dark")
    done = run("drivers.document_camera", "scan", "--url", url, "--out", str(out), "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["detail"] == "dark"
    assert run("drivers.document_camera", "scan", "--url", url).returncode == 2
