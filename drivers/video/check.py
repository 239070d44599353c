"""Whether a camera gives pictures, looked at in a process of its own: native code may crash or hang."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

from drivers.errors import ConfigError
from drivers.status import DeviceState, DeviceStatus
from drivers.video.address import parse_video_address

# Loading OpenCV takes 0.3 s, on a busy machine several; opening and reading a stream 5 s at most.
TIMEOUT = 15.0
# Looking costs half a second of a core and switches the camera on: a good camera is looked at once a minute, a
# broken one more often, so that its repair is seen.
FRESH_WHEN_GOOD = 60.0
FRESH_WHEN_BROKEN = 10.0
_ROOT = Path(__file__).resolve().parents[2]


def check_video(url: str, timeout: float = TIMEOUT) -> DeviceStatus:
    """Look at one frame. Never raises.

    deviceBusy "in-use-here" is a camera that one of our own programs looks through, and it is for that program to
    say how the pictures are; "in-use" one that a stranger has.
    """
    try:
        parse_video_address(url)
        done = subprocess.run(
            [sys.executable, "-m", "drivers.document_camera", "status", "--url", url, "--json"],
            capture_output=True, stdin=subprocess.DEVNULL, timeout=timeout, check=False, cwd=_ROOT,
        )  # fmt: skip
        said = json.loads(done.stdout)
        return DeviceStatus(DeviceState(said["device"]), said["detail"])
    except ConfigError as error:
        return DeviceStatus(DeviceState.OFFLINE, error.code)
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        return DeviceStatus(DeviceState.HARDWARE_ERROR, "check-failed")


class VideoCheck:
    """One camera's last check, repeated only when it is no longer fresh. Thread-safe."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._lock = threading.Lock()
        self._status: DeviceStatus | None = None
        self._until = 0.0

    def status(self, fresh: bool = False) -> DeviceStatus:
        """The last status while it is fresh, else a new one; `fresh` looks in any case.

        While one of our own programs looks through the camera, what was known before holds.
        """
        with self._lock:
            if fresh or self._status is None or time.monotonic() > self._until:
                found = check_video(self.url)
                if self._status is None or found.detail != "in-use-here":
                    self._status = found
                self._until = time.monotonic() + (FRESH_WHEN_GOOD if self._status.usable else FRESH_WHEN_BROKEN)
            return self._status

    def look_again(self) -> None:
        """Something was plugged in: the next status() looks."""
        self._until = 0.0
