"""A scan session: the camera and the picture work run in a process of their own, which may die without harm."""

from __future__ import annotations

import contextlib
import queue
import select
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk import worker_messages, worker_process
from kiosk.documents.scan_results import (
    ColourMode,
    Quality,
    ScannedPage,
    ScanRefused,
    faults_from_json,
    quality_from_json,
)

__all__ = ["ColourMode", "Preview", "ScanRefused", "ScanSession", "ScannedPage"]

#: Seconds without a word after which a worker hangs: opening and reading a camera have shorter limits.
SILENCE = 10.0
#: Seconds before a worker that died within as many seconds of its start is started again.
RESTART_AFTER = 1.0
#: Seconds a worker has to end by itself.
FAREWELL = 2.0


@dataclass(frozen=True)
class Preview:
    """What the camera sees now: a JPEG at most 960 pixels wide, and where the page lies in it.

    `corners` are clockwise from the page's top left; without a page they and `quality` are None.
    `steady` says the page has not moved for half a second.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    corners: list[tuple[float, float]] | None
    quality: Quality | None
    steady: bool


class ScanSession:
    """Pages scanned from one camera, from `start` to `stop`.

    Both callbacks come from the session's own thread and must return quickly. `on_trouble` gets "camera-gone",
    "camera-frozen", "dark" or "worker-died"; previews go on by themselves once the trouble is over.
    """

    def __init__(self, camera_url: str, image: Path | None = None) -> None:
        """`image` names a picture file to use instead of the camera."""
        self._source = ["--image", str(image)] if image else ["--url", camera_url]
        self._lock = threading.Lock()
        self._capturing = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._answers: queue.Queue[tuple[int, ScannedPage | ScanRefused]] = queue.Queue()
        self._asked = 0

    def start(self, on_preview: Callable[[Preview], None], on_trouble: Callable[[str], None]) -> None:
        """Start looking. Returns at once; the first preview comes within about a second. Once a session only."""
        if self._thread is not None:
            raise RuntimeError("a scan session starts once")
        self._thread = threading.Thread(target=self._run, args=(on_preview, on_trouble), name="scan", daemon=True)
        self._thread.start()

    def capture(self, timeout: float = 8.0, mode: ColourMode = ColourMode.COLOUR) -> ScannedPage | ScanRefused:
        """Take the page that lies there now. Waits at most `timeout` seconds; call it outside the screen's thread.

        A worker that dies or hangs costs this one answer ("worker-died"); the next finds a new worker.
        """
        deadline = time.monotonic() + timeout
        with self._capturing:
            while (worker := self._running()) is None:
                if time.monotonic() > deadline or self._stopping.wait(0.05):
                    return ScanRefused("worker-died")
            with self._lock:
                self._asked += 1
                asked = self._asked
            assert worker.stdin is not None
            try:
                worker_messages.send(worker.stdin, {"kind": "capture", "id": asked, "mode": mode})
                while True:
                    answered, result = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
                    if answered == asked:
                        return result
            except (OSError, ValueError, queue.Empty):
                # Dead or hanging: the next capture must not find it again.
                with self._lock:
                    self._worker = None if self._worker is worker else self._worker
                worker.kill()
                return ScanRefused("worker-died")

    def stop(self) -> None:
        """End the worker and forget its pictures. May be called twice, and from a callback."""
        self._stopping.set()
        if worker := self._running():
            _end(worker)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(FAREWELL * 2)

    @property
    def worker_id(self) -> int | None:
        """The worker's process id; None while there is no worker."""
        worker = self._running()
        return worker.pid if worker else None

    def _running(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            return self._worker

    def _run(self, on_preview: Callable[[Preview], None], on_trouble: Callable[[str], None]) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            worker = self._spawn()
            try:
                self._listen(worker, on_preview, on_trouble)
            finally:
                with self._lock:
                    self._worker = None
                    asked = self._asked
                _end(worker)
                assert worker.stdout is not None
                worker.stdout.close()
            if self._stopping.is_set():
                return
            self._answers.put((asked, ScanRefused("worker-died")))
            on_trouble("worker-died")
            if time.monotonic() - began < RESTART_AFTER:
                self._stopping.wait(RESTART_AFTER)

    def _spawn(self) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(**worker_process.command("kiosk.documents.scan_worker", *self._source), bufsize=0)
        with self._lock:
            self._worker = worker
        return worker

    def _listen(
        self,
        worker: subprocess.Popen[bytes],
        on_preview: Callable[[Preview], None],
        on_trouble: Callable[[str], None],
    ) -> None:
        assert worker.stdout is not None
        while not self._stopping.is_set():
            if not select.select([worker.stdout], [], [], SILENCE)[0]:
                return
            message = worker_messages.receive(worker.stdout)
            if message is None:
                return
            header, body = message
            if header["kind"] == "preview":
                on_preview(_preview(header, body))
            elif header["kind"] == "trouble":
                on_trouble(header["code"])
            elif header["kind"] == "page":
                page = ScannedPage(body, quality_from_json(header["quality"]), header["width"], header["height"])
                self._answers.put((header["id"], page))
            elif header["kind"] == "refused":
                self._answers.put(
                    (header["id"], ScanRefused(header["reason"], faults_from_json(header["faults"]), body))
                )


def _preview(header: dict[str, Any], jpeg: bytes) -> Preview:
    return Preview(
        jpeg=jpeg,
        width=header["width"],
        height=header["height"],
        corners=None if header["corners"] is None else [(x, y) for x, y in header["corners"]],
        quality=None if header["quality"] is None else quality_from_json(header["quality"]),
        steady=header["steady"],
    )


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Close the worker's input, which ends it, and kill it where it does not."""
    with contextlib.suppress(OSError):
        if worker.stdin is not None:
            worker.stdin.close()
    try:
        worker.wait(FAREWELL)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
