"""A camera as a code scanner: the decoding runs in a process of its own (watch.py), which may crash without harm."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
from pathlib import Path

from drivers.code_scanner.source import Watch
from drivers.errors import DeviceGone
from drivers.status import DeviceState, DeviceStatus
from drivers.video.address import parse_video_address
from drivers.video.check import VideoCheck

log = logging.getLogger(__name__)

# The worker says "alive" each second; a native call that hangs is ended after this long.
# It is above the worker's longest silence: opening 3 s, reading 2 s, back-off 5 s.
SILENT_FOR = 12.0
# Loading OpenCV takes 0.3 s, on a busy machine several.
START_WITHIN = 20.0
_ROOT = Path(__file__).resolve().parents[2]


class Camera:
    """See Source. Open only while it is followed."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError."""
        # written to by wake(), so that follow() looks at once
        self._awake, self._wake = os.pipe()
        parse_video_address(url)
        self._url = url
        self._check = VideoCheck(url)
        self._worker: subprocess.Popen[bytes] | None = None
        os.set_blocking(self._awake, False)
        os.set_blocking(self._wake, False)

    def __del__(self) -> None:
        for end in (self._awake, self._wake):
            with contextlib.suppress(OSError):
                os.close(end)

    def check(self, fresh: bool) -> DeviceStatus:
        """What the camera gave within the last minute; `fresh` looks at it now."""
        return self._check.status(fresh)

    def wake(self) -> None:
        """See Source."""
        with contextlib.suppress(BlockingIOError):  # the pipe is full: it will wake
            os.write(self._wake, b"x")

    def follow(self, watch: Watch) -> None:
        """See Source."""
        worker = subprocess.Popen(
            [sys.executable, "-m", "drivers.code_scanner.watch", self._url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_ROOT,
        )  # fmt: skip
        try:
            self._hand_on(worker, watch)
        finally:
            worker.kill()
            worker.communicate()
        if not watch.stopping.is_set():
            raise DeviceGone("worker-gone")

    def _hand_on(self, worker: subprocess.Popen[bytes], watch: Watch) -> None:
        """The worker's lines, until it ends, falls silent or is not wanted any more."""
        assert worker.stdout is not None and worker.stdin is not None
        output = worker.stdout.fileno()
        rest, patience = b"", START_WITHIN
        while not watch.stopping.is_set():
            ready, _, _ = select.select([output, self._awake], [], [], patience)
            if self._awake in ready:
                os.read(self._awake, 4096)
                with contextlib.suppress(OSError):  # it ended: the next read of its output tells
                    os.write(worker.stdin.fileno(), b"\n")
            if not ready:
                return
            if output in ready:
                data = os.read(output, 65536)
                if not data:
                    return
                patience = SILENT_FOR
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    _take(line, watch)


def _take(line: bytes, watch: Watch) -> None:
    try:
        said = json.loads(line)
        if said["event"] == "code":
            watch.tell_codes([str(said["text"])])
        elif said["event"] == "status":
            watch.tell_status(DeviceStatus(DeviceState(said["device"]), said["detail"]))
    except (ValueError, KeyError, TypeError):
        log.warning("code scanner: a line of the worker could not be understood")
