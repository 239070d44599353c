"""The camera's worker: looks at a stream and prints a JSON line for each code that comes into view.

    python -m drivers.code_scanner.watch URL

Lines: {"event": "code", "text", "kind"}, {"event": "status", "device", "detail"}, {"event": "alive"}.
Standard error never gets the text of a code. A byte on standard input ends a back-off, its end ends the worker.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from drivers.code_scanner.decode import decode
from drivers.code_scanner.sightings import AWAY_AFTER, Sightings
from drivers.document_camera.device import camera_status
from drivers.errors import CameraError
from drivers.status import DeviceState
from drivers.video.stream import VideoStream

__all__ = ["AWAY_AFTER", "Sightings", "watch"]

# A held code is found within a fifth of a second, and two cores stay free.
LOOK_EVERY = 0.2
# Every how manyth look without a code is a thorough one, which takes ten times as long.
THOROUGH_EVERY = 3
ALIVE_EVERY = 1.0
BACK_OFF_FIRST = 0.3
BACK_OFF_MOST = 5.0


def _say(**values: str) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def watch(url: str, plugged: threading.Event) -> None:
    """Look until the process ends; come back by itself when the stream breaks, at once when `plugged` is set."""
    stream = VideoStream(url)
    sightings = Sightings()
    said = ("", "")
    alive_at = looked_at = 0.0
    looks = 0
    back_off = BACK_OFF_FIRST
    while True:
        try:
            image = stream.read()
            state = (DeviceState.ONLINE.value, "")
            back_off = BACK_OFF_FIRST
        except CameraError as error:
            status = camera_status(error)
            state = (status.device.value, status.detail)
        now = time.monotonic()
        if state != said:
            said = state
            _say(event="status", device=state[0], detail=state[1])
        if now - alive_at >= ALIVE_EVERY:
            alive_at = now
            _say(event="alive")
        if state[0] != DeviceState.ONLINE.value:
            plugged.clear()
            back_off = BACK_OFF_FIRST if plugged.wait(back_off) else min(back_off * 2, BACK_OFF_MOST)
            continue
        if now - looked_at < LOOK_EVERY:
            continue
        looked_at, looks = now, looks + 1
        found = {code.text: code.kind for code in decode(image, thorough=looks % THOROUGH_EVERY == 0)}
        for text in sightings.new(list(found), now):
            _say(event="code", text=text, kind=found[text])


def _listen_to_parent(plugged: threading.Event) -> None:
    while os.read(0, 4096):
        plugged.set()
    os._exit(0)  # the main thread may hang in a native read


if __name__ == "__main__":
    plugged_in = threading.Event()
    threading.Thread(target=_listen_to_parent, args=(plugged_in,), daemon=True).start()
    watch(sys.argv[1], plugged_in)
