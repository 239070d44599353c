"""A camera's picture stream: MJPEG over HTTP, or a V4L2 device. Gives only frames that are fresh and alive.

Used by the code scanner and the document camera; the picture is seen only while the stream is open.
"""

from __future__ import annotations

import os
import time
from typing import Protocol

# FFmpeg and OpenCV write the address and every broken frame to stderr, which would flood the log.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.errors import CameraBusy, CameraDark, CameraError, CameraFrozen, CameraGone
from drivers.video.address import parse_video_address
from drivers.video.http_camera import HttpCamera, NotMjpeg
from drivers.video.native_camera import NativeCamera

Image = NDArray[np.uint8]

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

OPEN_TIMEOUT = 3.0
# A camera at 5 frames a second, its slowest in poor light, still gives ten in this time.
READ_TIMEOUT = 2.0
# The kernel and FFmpeg keep frames nobody fetched; after this pause they show the past: open anew (2-5 ms
# measured).
STALE_AFTER = 0.5
# A camera that serves one watcher sees by its next frame that he left.
LEFT_AFTER = 0.5
# Sensor noise changes every frame; the same pixels for this long are a hung camera.
FROZEN_AFTER = 1.0
# Mean grey of a covered lens; an unlit hall at night gives 15 and more.
DARK_BELOW = 8.0


class _Camera(Protocol):
    def newest(self, timeout: float) -> Image: ...

    def close(self) -> None: ...


class VideoStream:
    """One stream. Not thread-safe: open, read and close in one thread."""

    def __init__(self, url: str) -> None:
        """See address.py. Raises ConfigError."""
        self._address = parse_video_address(url)
        self._camera: _Camera | None = None
        self._read_at = 0.0
        self._thumb: Image | None = None

    def open(self) -> None:
        """Connect. Raises CameraGone, CameraBusy."""
        self.close()
        self._camera = self._connect()
        self._read_at = time.monotonic()

    def _connect(self) -> _Camera:
        if self._address.place.startswith(("http://", "https://")):
            try:
                return HttpCamera(self._address.place, OPEN_TIMEOUT)
            except NotMjpeg as other:  # FFmpeg knows more kinds
                try:
                    return NativeCamera(self._address, OPEN_TIMEOUT, READ_TIMEOUT)
                except CameraGone as error:
                    raise CameraGone(other.code) from error
        return NativeCamera(self._address, OPEN_TIMEOUT, READ_TIMEOUT)

    def close(self) -> None:
        """Let go of the camera. Never raises; may be called twice."""
        if self._camera is not None:
            self._camera.close()
        self._camera, self._thumb = None, None

    def read(self, timeout: float = 3.0) -> Image:
        """A fresh BGR frame that differs from the one before it.

        Raises CameraGone, CameraGarbled (the stream is closed then), CameraBusy, CameraFrozen, CameraDark. Waits at
        most `timeout` plus READ_TIMEOUT, as a native read cannot be broken off.
        """
        if self._camera is None:
            self.open()
        elif time.monotonic() - self._read_at > STALE_AFTER:
            self._open_anew()
        began = time.monotonic()
        while True:
            frame = self._next()
            thumb = np.ascontiguousarray(frame[::8, ::8])
            before, self._thumb = self._thumb, thumb
            dark = float(thumb.mean()) < DARK_BELOW
            if before is not None and not np.array_equal(before, thumb):
                if dark:
                    raise CameraDark()
                return frame
            waited = time.monotonic() - began
            if before is not None and waited > min(timeout, FROZEN_AFTER):
                raise CameraDark() if dark else CameraFrozen()  # a covered lens may show the same black for ever
            if waited > timeout:
                raise CameraGone("no-frame")

    def _open_anew(self) -> None:
        try:
            self.open()
        except CameraBusy:  # a camera for one watcher has not seen yet that we left
            time.sleep(LEFT_AFTER)
            self.open()

    def _next(self) -> Image:
        assert self._camera is not None
        try:
            return self._camera.newest(READ_TIMEOUT)
        except CameraError:
            self.close()
            raise
        finally:
            self._read_at = time.monotonic()
