"""The worker: looks at a stream and prints a JSON line for each code that comes into view.

Lines: {"event": "code", "text", "kind"}, {"event": "status", "device", "detail"}, {"event": "alive"}.
Standard error never gets the text of a code.
"""

from __future__ import annotations

import json
import sys
import time

from drivers.code_scanner.decode import decode
from drivers.document_camera.device import camera_status
from drivers.errors import CameraError
from drivers.status import DeviceState
from drivers.video import VideoStream

# A held code is found within a fifth of a second, and two cores stay free.
LOOK_EVERY = 0.2
# Every how manyth look without a code is a thorough one (25 ms instead of 4).
THOROUGH_EVERY = 3
# A hand trembles and a look misses: a code is new only after it was away this long.
AWAY_AFTER = 1.0
ALIVE_EVERY = 1.0
BACK_OFF_FIRST = 0.3
BACK_OFF_MOST = 5.0


class Sightings:
    """Which codes are in view, so that a code held still is told once."""

    def __init__(self) -> None:
        self._seen_at: dict[str, float] = {}

    def new(self, texts: list[str], now: float) -> list[str]:
        """Those not seen during the last AWAY_AFTER seconds."""
        self._seen_at = {text: at for text, at in self._seen_at.items() if now - at < AWAY_AFTER}
        fresh = [text for text in dict.fromkeys(texts) if text not in self._seen_at]
        self._seen_at.update(dict.fromkeys(texts, now))
        return fresh


def _say(**values: str) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def watch(url: str) -> None:
    """Look until the process ends; come back by itself when the stream breaks."""
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
            time.sleep(back_off)
            back_off = min(back_off * 2, BACK_OFF_MOST)
            continue
        if now - looked_at < LOOK_EVERY:
            continue
        looked_at, looks = now, looks + 1
        found = {code.text: code.kind for code in decode(image, thorough=looks % THOROUGH_EVERY == 0)}
        for text in sightings.new(list(found), now):
            _say(event="code", text=text, kind=found[text])
