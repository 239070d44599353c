"""The scan worker: `python -m kiosk.documents.scan_worker --url URL | --image FILE`.

It looks through the camera, streams previews to standard output and answers captures asked for on standard
input (`worker_messages`). Pictures of papers live in its memory alone. It ends when standard input does.

session -> worker   {"kind": "capture", "id": n, "mode": …}
worker -> session   {"kind": "preview", …} + JPEG · {"kind": "trouble", "code": …}
                    {"kind": "page", "id": n, …} + JPEG · {"kind": "refused", "id": n, "reason": …} + JPEG
"""

from __future__ import annotations

import argparse
import os
import queue
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from drivers.document_camera import DocumentCamera, Frame
from drivers.errors import CameraError, CameraGone
from kiosk import worker_messages
from kiosk.camera_reason import camera_reason
from kiosk.documents.page_detection import find_page
from kiosk.documents.pictures import Corners, Image
from kiosk.documents.quality import judge
from kiosk.documents.scan_results import ColourMode, ScannedPage, ScanRefused
from kiosk.documents.scanned_page import scan

#: Seconds between previews: 5.5 a second look live and leave a core free.
INTERVAL = 0.18
PREVIEW_SIZE = 960
#: A page is steady when no corner moved by more than this part of the picture …
STEADY_MOVE = 0.008
#: … over this many previews.
STEADY_PREVIEWS = 3
#: Seconds a capture goes on looking for a good frame: a hand takes about one to leave the picture.
CAPTURE_PATIENCE = 2.0
#: Seconds to wait before a camera that failed is opened again.
REOPEN_AFTER = 1.0
READ_TIMEOUT = 3.0


class Source(Protocol):
    """Where frames come from. Every method but `close` raises CameraError."""

    def open(self) -> None:
        """Connect."""

    def read(self, timeout: float) -> Frame:
        """The newest frame."""

    def close(self) -> None:
        """Disconnect; may be called at any time."""


class ImageFile:
    """A picture file as a camera; it is read again whenever the file changes. CameraGone without the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at = 0
        self._image: Image | None = None

    def open(self) -> None:
        """Read the file."""
        self.read(0)

    def read(self, timeout: float) -> Frame:
        """The file's picture as it is now."""
        try:
            changed = self._path.stat().st_mtime_ns
        except OSError:
            raise CameraGone from None
        if changed != self._read_at:
            image = cv2.imread(str(self._path))
            if image is None:
                raise CameraGone
            self._image, self._read_at = image, changed
        assert self._image is not None
        return Frame(self._image, time.monotonic())

    def close(self) -> None:
        """Forget the picture."""
        self._image, self._read_at = None, 0


class ScanWorker:
    """Frames in, messages out."""

    def __init__(self, source: Source, output: worker_messages.Pipe) -> None:
        self._source = source
        self._output = output
        self._asked: queue.SimpleQueue[tuple[int, ColourMode]] = queue.SimpleQueue()
        self._last_corners: Corners | None = None
        self._still = 0

    def listen(self, commands: worker_messages.Pipe) -> None:
        """Take commands until the session closes them, then end the process at once, whatever it is doing."""
        while (message := worker_messages.receive(commands)) is not None:
            if message[0]["kind"] == "capture":
                self._asked.put((int(message[0]["id"]), ColourMode(message[0]["mode"])))
        os._exit(0)

    def run(self) -> None:
        """Look until the process ends, opening the camera again whenever it fails."""
        while True:
            try:
                self._source.open()
                while True:
                    began = time.monotonic()
                    self._look()
                    time.sleep(max(0.0, began + INTERVAL - time.monotonic()))
            except CameraError as error:
                self._source.close()
                self._report(camera_reason(error))

    def _look(self) -> None:
        try:
            asked, mode = self._asked.get_nowait()
        except queue.Empty:
            self._preview(self._source.read(READ_TIMEOUT).image)
            return
        try:
            self._answer(asked, self._capture(mode))
        except CameraError as error:
            self._answer(asked, ScanRefused(camera_reason(error)))
            raise

    def _capture(self, mode: ColourMode) -> ScannedPage | ScanRefused:
        deadline = time.monotonic() + CAPTURE_PATIENCE
        while True:
            image = self._source.read(READ_TIMEOUT).image
            result = scan(image, mode)
            if isinstance(result, ScannedPage):
                return result
            if time.monotonic() > deadline:
                return replace(result, picture=_preview_jpeg(_for_preview(image)))
            time.sleep(INTERVAL)

    def _preview(self, image: Image) -> None:
        corners = find_page(image)
        quality = judge(image, corners) if corners is not None else None
        steady = self._steady(corners, max(image.shape[:2]))
        small = _for_preview(image)
        scale = small.shape[1] / image.shape[1]
        header = {
            "kind": "preview",
            "width": small.shape[1],
            "height": small.shape[0],
            "corners": None if corners is None else (corners * scale).round(1).tolist(),
            "quality": None if quality is None else quality.as_json(),
            "steady": steady,
        }
        worker_messages.send(self._output, header, _preview_jpeg(small))

    def _steady(self, corners: Corners | None, size: int) -> bool:
        last, self._last_corners = self._last_corners, corners
        still = corners is not None and last is not None and float(np.abs(corners - last).max()) < STEADY_MOVE * size
        self._still = self._still + 1 if still else 0
        return self._still >= STEADY_PREVIEWS - 1

    def _answer(self, asked: int, result: ScannedPage | ScanRefused) -> None:
        if isinstance(result, ScanRefused):
            faults = [asdict(fault) for fault in result.faults]
            refused = {"kind": "refused", "id": asked, "reason": result.reason, "faults": faults}
            worker_messages.send(self._output, refused, result.picture)
            return
        header = {
            "kind": "page",
            "id": asked,
            "quality": result.quality.as_json(),
            "width": result.width,
            "height": result.height,
        }
        worker_messages.send(self._output, header, result.picture)

    def _report(self, code: str) -> None:
        """Say what is wrong, and refuse captures with it until it is time to try again."""
        worker_messages.send(self._output, {"kind": "trouble", "code": code})
        until = time.monotonic() + REOPEN_AFTER
        while (left := until - time.monotonic()) > 0:
            try:
                self._answer(self._asked.get(timeout=left)[0], ScanRefused(code))
            except queue.Empty:
                return


def _for_preview(image: Image) -> Image:
    scale = min(1.0, PREVIEW_SIZE / image.shape[1])
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image


def _preview_jpeg(small: Image) -> bytes:
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 75])[1])


def main() -> None:
    """Look and answer until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.documents.scan_worker", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--url", help="the document camera's stream or device path")
    source.add_argument("--image", type=Path, help="a picture file instead of a camera")
    options = parser.parse_args()
    # Messages keep the pipe to themselves: whatever native code prints goes to standard error.
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    worker = ScanWorker(ImageFile(options.image) if options.image else DocumentCamera(options.url), output)
    commands = os.fdopen(0, "rb", buffering=0)
    threading.Thread(target=worker.listen, args=(commands,), daemon=True).start()
    try:
        worker.run()
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
