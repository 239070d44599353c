"""The face worker: `python -m kiosk.identity.face.worker --url URL`, started by FaceCheck alone.

check -> worker     {"kind": "start", "part": "", "limit": seconds} + the card's photo
worker -> check     {"kind": "loaded"} · {"kind": "picture"} + JPEG · {"kind": "asks", "action", "done", "total"}
                    {"kind": "done", "outcome", "reason"} · {"kind": "trouble", "code"}

Pictures and templates live in its memory alone; it ends when standard input does, and leaves no core file.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import threading
import time
from typing import Any

import cv2

from drivers.errors import CameraError
from drivers.face_camera import FaceCamera
from kiosk import worker_messages
from kiosk.camera_reason import camera_reason
from kiosk.identity.face.course import Course, decoded, fitting
from kiosk.identity.face.events import FaceAsks, FaceDone
from kiosk.identity.face.part import Image, load_part
from offline_cache.crash_dumps import forbid_crash_dumps

#: Seconds between looks: a blink that was asked for lasts about half a second.
INTERVAL = 0.08
#: Seconds between pictures for the screen.
PICTURE_INTERVAL = 0.12
#: Seconds to wait before a camera that failed is opened again.
REOPEN_AFTER = 1.0
READ_TIMEOUT = 3.0


class FaceWorker:
    """Frames in, messages out."""

    def __init__(self, camera: FaceCamera, course: Course, limit: float, output: worker_messages.Pipe) -> None:
        self._camera, self._course, self._left, self._output = camera, course, limit, output
        self._asked: FaceAsks | None = None
        self._shown_at = 0.0

    def run(self) -> None:
        """Look until the check is done, opening the camera again whenever it fails. The limit counts looking only."""
        while True:
            try:
                self._camera.open()
                while True:
                    began = time.monotonic()
                    if self._look():
                        return
                    time.sleep(max(0.0, began + INTERVAL - time.monotonic()))
                    self._left -= time.monotonic() - began
            except CameraError as error:
                self._camera.close()
                self._course.begin_again()  # whoever stood there may have changed meanwhile
                self._asked = None
                self._send({"kind": "trouble", "code": camera_reason(error)})
                time.sleep(REOPEN_AFTER)

    def _look(self) -> bool:
        """One frame; True when that was all."""
        image = fitting(self._camera.read(READ_TIMEOUT).image)
        self._show(image)
        told = self._course.look(image)
        if isinstance(told, FaceAsks) and self._left <= 0:
            told = self._course.out_of_time()
        if isinstance(told, FaceDone):
            self._send({"kind": "done", "outcome": told.outcome, "reason": told.reason})
            return True
        if told != self._asked:
            self._asked = told
            self._send({"kind": "asks", "action": told.action, "done": told.done, "total": told.total})
        return False

    def _show(self, image: Image) -> None:
        now = time.monotonic()
        if now - self._shown_at < PICTURE_INTERVAL:
            return
        self._shown_at = now
        jpeg = cv2.imencode(".jpg", cv2.flip(image, 1), [cv2.IMWRITE_JPEG_QUALITY, 75])[1]
        self._send({"kind": "picture"}, bytes(jpeg))

    def _send(self, header: dict[str, Any], body: bytes = b"") -> None:
        worker_messages.send(self._output, header, body)


def _listen(commands: worker_messages.Pipe) -> None:
    """End the process at once when the check closes its end, whatever it is doing."""
    while worker_messages.receive(commands) is not None:
        pass
    os._exit(0)


def main() -> None:
    """Look until the check is done or standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.identity.face.worker", description=__doc__)
    parser.add_argument("--url", required=True, help="the face camera, as drivers/video/address.py says")
    options = parser.parse_args()
    forbid_crash_dumps()  # a picture of the memory would hold the citizen's pictures
    # Messages keep the pipe to themselves: whatever native code prints goes to standard error.
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    commands = os.fdopen(0, "rb", buffering=0)
    start = worker_messages.receive(commands)
    if start is None:
        return
    threading.Thread(target=_listen, args=(commands,), daemon=True).start()
    header, photo = start
    part = load_part(header["part"])
    worker_messages.send(output, {"kind": "loaded"})
    course = Course(part, decoded(photo))
    with contextlib.suppress(BrokenPipeError):
        FaceWorker(FaceCamera(options.url), course, header["limit"], output).run()
    os._exit(0)


if __name__ == "__main__":
    main()
