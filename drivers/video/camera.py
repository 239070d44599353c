"""A camera, for use inside a worker process: FFmpeg may crash on what a broken camera sends."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from drivers.errors import CameraBusy, CameraError, CameraGone
from drivers.status import DeviceState, DeviceStatus
from drivers.video.stream import Image, VideoStream


@dataclass(frozen=True, repr=False, eq=False)
class Frame:
    """A picture as BGR, and when it was taken (time.monotonic seconds)."""

    image: Image
    at: float

    def __repr__(self) -> str:
        return f"Frame({self.image.shape[1]}x{self.image.shape[0]})"


def camera_status(error: CameraError) -> DeviceStatus:
    """What an error of the stream says of the camera."""
    if isinstance(error, CameraBusy):
        return DeviceStatus(DeviceState.DEVICE_BUSY, error.code)
    state = DeviceState.OFFLINE if isinstance(error, CameraGone) else DeviceState.HARDWARE_ERROR
    return DeviceStatus(state, error.code)


class Camera:
    """One camera at an address of drivers.video.address. Open only while a citizen uses it. Also a context manager."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError. Nothing is opened."""
        self._stream = VideoStream(url)

    def open(self) -> None:
        """Connect. Raises CameraGone, CameraBusy."""
        self._stream.open()

    def read(self, timeout: float = 3.0) -> Frame:
        """The newest frame. Raises CameraGone, CameraBusy, CameraGarbled, CameraFrozen, CameraDark."""
        image = self._stream.read(timeout)
        return Frame(image, time.monotonic())

    def close(self) -> None:
        """Let go of the camera. Never raises; may be called twice."""
        self._stream.close()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def check(self) -> DeviceStatus:
        """Open, look at one frame, close. Never raises."""
        try:
            with self:
                self.read()
            return DeviceStatus(DeviceState.ONLINE)
        except CameraError as error:
            return camera_status(error)
