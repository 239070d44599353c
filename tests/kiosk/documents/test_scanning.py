from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.documents.scanning import ColourMode, Preview, ScannedPage, ScanRefused, ScanSession
from tests.kiosk.documents.photographs import Image, empty_desk, moving, photo

PATIENCE = 20.0


class Watched:
    """A session over a picture file, with everything it says kept in order."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.session = ScanSession("", image=file)
        self.previews: queue.Queue[Preview] = queue.Queue()
        self.troubles: queue.Queue[str] = queue.Queue()

    def show(self, picture: Image) -> None:
        """Lay `picture` before the camera, in one step."""
        fresh = self.file.with_suffix(".new.png")
        cv2.imwrite(str(fresh), picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
        os.replace(fresh, self.file)

    def start(self) -> None:
        self.session.start(self.previews.put, self.troubles.put)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path / "desk.png")
    watched.show(photo())
    yield watched
    watched.session.stop()


def test_previews_show_the_page_until_it_is_steady_and_a_capture_takes_it(watched: Watched) -> None:
    watched.start()
    preview = watched.previews.get(timeout=PATIENCE)
    shown = cv2.imdecode(np.frombuffer(preview.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape[:2] == (preview.height, preview.width) == (720, 960)
    assert preview.corners is not None
    assert preview.quality is not None
    assert preview.quality.reason == ""
    assert all(0 <= x < 960 and 0 <= y < 720 for x, y in preview.corners)
    assert not preview.steady
    while not preview.steady:
        preview = watched.previews.get(timeout=PATIENCE)

    page = watched.session.capture()
    assert isinstance(page, ScannedPage)
    flat = cv2.imdecode(np.frombuffer(page.picture, np.uint8), cv2.IMREAD_COLOR)
    assert flat.shape[:2] == (page.height, page.width)
    assert page.height / page.width == pytest.approx(2**0.5, rel=0.02)
    assert np.median(flat) > 235


def test_previews_come_at_five_a_second(watched: Watched) -> None:
    watched.start()
    watched.previews.get(timeout=PATIENCE)
    began = time.monotonic()
    for _ in range(8):
        watched.previews.get(timeout=PATIENCE)
    # Two tests share two cores: slower is the machine's fault, faster would be ours.
    assert 8 / (time.monotonic() - began) < 6.5


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (lambda: moving(photo()), "blurred"),
        (empty_desk, "no-page"),
        (lambda: photo(0, 0, 330, aside=(0, 60)), "cut-off"),
        (lambda: (photo() * 0.05).astype(np.uint8), "dark"),
    ],
    ids=["blurred", "no page", "cut off", "dark"],
)
def test_a_page_that_cannot_be_read_is_refused_with_the_reason(
    watched: Watched, picture: Callable[[], Image], reason: str
) -> None:
    watched.show(picture())
    watched.start()
    refused = watched.session.capture(timeout=PATIENCE)
    assert refused == ScanRefused(reason)
    assert isinstance(refused, ScanRefused)
    shown = cv2.imdecode(np.frombuffer(refused.picture, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape[:2] == (720, 960)
    assert reason == "no-page" or reason in [fault.code for fault in refused.faults]


def test_a_page_is_kept_in_the_colours_asked_for(watched: Watched) -> None:
    watched.start()
    page = watched.session.capture(PATIENCE, ColourMode.BLACK_AND_WHITE)
    assert isinstance(page, ScannedPage)
    assert page.media_type == "image/png"


def test_a_capture_waits_for_the_hand_to_leave(watched: Watched) -> None:
    watched.show(moving(photo()))
    watched.start()
    watched.previews.get(timeout=PATIENCE)
    watched.show(photo())
    assert isinstance(watched.session.capture(timeout=PATIENCE), ScannedPage)


def test_a_killed_worker_is_told_and_replaced(watched: Watched) -> None:
    watched.start()
    watched.previews.get(timeout=PATIENCE)
    killed = watched.session.worker_id
    assert killed
    os.kill(killed, signal.SIGKILL)
    assert watched.troubles.get(timeout=PATIENCE) == "worker-died"
    assert isinstance(watched.session.capture(timeout=PATIENCE), ScannedPage)
    assert watched.session.worker_id != killed


def test_a_worker_that_hangs_in_a_capture_costs_that_capture_only(watched: Watched) -> None:
    watched.start()
    watched.previews.get(timeout=PATIENCE)
    hanging = watched.session.worker_id
    assert hanging
    os.kill(hanging, signal.SIGSTOP)
    began = time.monotonic()
    assert watched.session.capture(timeout=1.0) == ScanRefused("worker-died")
    assert time.monotonic() - began < 3
    assert isinstance(watched.session.capture(timeout=PATIENCE), ScannedPage)


def test_a_camera_that_goes_and_comes_back(watched: Watched) -> None:
    watched.start()
    watched.previews.get(timeout=PATIENCE)
    away = watched.file.with_name("away.png")
    watched.file.rename(away)
    assert watched.troubles.get(timeout=PATIENCE) == "camera-gone"
    assert watched.session.capture() == ScanRefused("camera-gone")
    away.rename(watched.file)
    assert isinstance(captured_again(watched.session), ScannedPage)


def captured_again(session: ScanSession) -> ScannedPage | ScanRefused:
    until = time.monotonic() + PATIENCE
    while isinstance(result := session.capture(), ScanRefused) and time.monotonic() < until:
        time.sleep(0.1)
    return result


def test_stop_ends_the_worker_and_captures(watched: Watched) -> None:
    watched.start()
    watched.previews.get(timeout=PATIENCE)
    worker = watched.session.worker_id
    watched.session.stop()
    watched.session.stop()
    assert not Path(f"/proc/{worker}").exists()
    assert watched.session.capture(timeout=2) == ScanRefused("worker-died")


def test_the_worker_dies_with_its_parent(watched: Watched, tmp_path: Path) -> None:
    program = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from kiosk.documents.scanning import ScanSession\n"
        "session = ScanSession('', image=Path(sys.argv[1]))\n"
        "session.start(lambda preview: print(session.worker_id, flush=True), print)\n"
        "threading.Event().wait()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(watched.file)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    until = time.monotonic() + PATIENCE
    while alive(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(worker)


def alive(process: int) -> bool:
    """Whether the process still runs; an unreaped child of a dead parent does not."""
    with contextlib.suppress(OSError):
        return re.search(r"\) [^ZX] ", Path(f"/proc/{process}/stat").read_text()) is not None
    return False


def test_a_scanned_page_shows_nothing_of_itself_in_a_log(watched: Watched) -> None:
    watched.start()
    assert "\\x" not in repr(watched.previews.get(timeout=PATIENCE))
    assert "\\x" not in repr(watched.session.capture(timeout=PATIENCE))
