"""Whether a camera gives pictures, looked at in a process of its own: native code may crash or hang."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from drivers.status import DeviceState, DeviceStatus

# Loading OpenCV takes 0.3 s, on a busy machine several; opening and reading a stream 5 s at most.
TIMEOUT = 15.0
_ROOT = Path(__file__).resolve().parents[1]


def check_video(url: str, timeout: float = TIMEOUT) -> DeviceStatus:
    """Look at one frame. Never raises."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "drivers.document_camera", "status", "--url", url, "--json"],
            capture_output=True, stdin=subprocess.DEVNULL, timeout=timeout, check=False, cwd=_ROOT,
        )  # fmt: skip
        said = json.loads(done.stdout)
        return DeviceStatus(DeviceState(said["device"]), said["detail"])
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        return DeviceStatus(DeviceState.HARDWARE_ERROR, "check-failed")
