"""A code scanner that is a camera: the decoding runs in a process of its own, which may crash without
harm."""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from drivers.code_scanner.events import CodeEvent, CodeRead, StatusChanged
from drivers.status import DeviceState, DeviceStatus
from drivers.video_check import VideoCheck

log = logging.getLogger(__name__)

# The worker says "alive" each second; a native call that hangs is ended after this long.
# It is above the worker's longest silence: opening 3 s, reading 2 s, back-off 5 s.
SILENT_FOR = 12.0
# Loading OpenCV takes 0.3 s, on a busy machine several.
START_WITHIN = 20.0
BACK_OFF_FIRST = 0.5
BACK_OFF_MOST = 10.0
_ROOT = Path(__file__).resolve().parents[2]


class CodeScanner:
    """One scanner. The camera is open only between start and stop. Events come from its own thread, in
    order."""

    def __init__(self, source_url: str) -> None:
        self._url = source_url
        self._check = VideoCheck(source_url)
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._on_event: Callable[[CodeEvent], None] = lambda event: None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")
        # written to by stop() to wake the thread at once
        self._wake: tuple[int, int] | None = None

    @property
    def status(self) -> DeviceStatus:
        """A snapshot; never waits."""
        return self._status

    def start(self, on_event: Callable[[CodeEvent], None]) -> None:
        """Open the camera and tell each code that comes into view. Raises RuntimeError when started
        already."""
        if self._thread is not None:
            raise RuntimeError("scanner is started already")
        self._on_event = on_event
        self._stopping.clear()
        self._wake = os.pipe()
        self._status = DeviceStatus(DeviceState.STARTING)
        self._thread = threading.Thread(target=self._run, args=(self._wake[0],), name="code-scanner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the camera. No event comes after it returns."""
        self._stopping.set()
        if self._thread is None or self._wake is None:
            return
        os.write(self._wake[1], b"x")
        if self._thread is not threading.current_thread():
            self._thread.join(5)
            for end in self._wake:
                os.close(end)
        self._thread, self._wake = None, None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")

    def check(self, fresh: bool = False) -> DeviceStatus:
        """The snapshot of a started scanner; otherwise what its camera gave within the last minute.

        `fresh` looks at it now.
        """
        return self._status if self._thread is not None else self._check.status(fresh)

    def _run(self, wake: int) -> None:
        back_off = BACK_OFF_FIRST
        while not self._stopping.is_set():
            began = time.monotonic()
            worker = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "drivers.code_scanner",
                    "watch",
                    "--url",
                    self._url,
                    "--json",
                    "--with-parent",
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
            )
            try:
                self._follow(worker, wake)
            finally:
                worker.kill()
                worker.communicate()
            if self._stopping.is_set():
                return
            self._tell_status(DeviceStatus(DeviceState.OFFLINE, "worker-gone"))
            if time.monotonic() - began > SILENT_FOR:
                back_off = BACK_OFF_FIRST
            self._stopping.wait(back_off)
            back_off = min(back_off * 2, BACK_OFF_MOST)

    def _follow(self, worker: subprocess.Popen[bytes], wake: int) -> None:
        """Hand on the worker's lines until it ends, falls silent or is not wanted any more."""
        assert worker.stdout is not None
        output = worker.stdout.fileno()
        rest, patience = b"", START_WITHIN
        while not self._stopping.is_set():
            ready, _, _ = select.select([output, wake], [], [], patience)
            if output not in ready:
                return
            data = os.read(output, 65536)
            if not data:
                return
            patience = SILENT_FOR
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            said = json.loads(line)
            if said["event"] == "code":
                self._tell(CodeRead(str(said["text"])))
            elif said["event"] == "status":
                self._tell_status(DeviceStatus(DeviceState(said["device"]), said["detail"]))
        except (ValueError, KeyError, TypeError):
            log.warning("code scanner: a line of the worker could not be understood")

    def _tell_status(self, status: DeviceStatus) -> None:
        if status != self._status:
            self._status = status
            log.info("code scanner: %s %s", status.device.value, status.detail)
            self._tell(StatusChanged(status))

    def _tell(self, event: CodeEvent) -> None:
        if self._stopping.is_set():
            return
        try:
            self._on_event(event)
        except Exception as error:
            # the watch must go on; the traceback could hold the code, so only the kind of error is logged
            log.error("handler of %s failed: %s", type(event).__name__, type(error).__name__)
