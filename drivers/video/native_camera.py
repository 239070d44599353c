"""A camera that OpenCV opens: V4L2 at this machine, or a stream that FFmpeg reads (RTSP and others)."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import struct

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.errors import CameraBusy, CameraGone
from drivers.video.address import WARM_UP, VideoAddress

# linux/videodev2.h: VIDIOC_REQBUFS of struct v4l2_requestbuffers (count, type, memory, capabilities, flags+reserved).
_REQBUFS, _REQUEST = 0xC0145608, struct.Struct("<IIIII")
_VIDEO_CAPTURE, _MMAP = 1, 1
# V4L2_CID_EXPOSURE_AUTO as OpenCV hands it on: 1 manual, 3 the camera's own way.
_MANUAL, _AUTO = 1, 3


class NativeCamera:
    """An open camera. One thread. A read cannot be broken off; streams end it by themselves after `read_timeout` s."""

    def __init__(self, address: VideoAddress, open_timeout: float, read_timeout: float) -> None:
        """Raises CameraGone ("no-device", "not-allowed", "no-stream"), CameraBusy ("in-use", "in-use-here")."""
        self._lock = -1
        self._capture: cv2.VideoCapture | None = None
        try:
            if address.is_stream:
                self._open(address.place, cv2.CAP_FFMPEG, [
                    cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, int(open_timeout * 1000),
                    cv2.CAP_PROP_READ_TIMEOUT_MSEC, int(read_timeout * 1000),
                ])  # fmt: skip
            else:
                node = address.node()
                if node is None:
                    raise CameraGone("no-device")
                self._lock = _hold(node)
                _free(self._lock)
                self._open(os.path.realpath(node), cv2.CAP_V4L2, [])
                self._set(address)
        except BaseException:
            self.close()
            raise

    def newest(self, timeout: float) -> NDArray[np.uint8]:
        """The next frame. Raises CameraGone."""
        assert self._capture is not None
        ok, frame = self._capture.read()
        if not ok or frame is None:
            raise CameraGone("no-frame")
        return np.asarray(frame, np.uint8)

    def close(self) -> None:
        """Never raises; may be called twice."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None
        if self._lock >= 0:
            with contextlib.suppress(OSError):
                os.close(self._lock)
            self._lock = -1

    def _open(self, place: str, backend: int, options: list[int]) -> None:
        try:
            self._capture = cv2.VideoCapture(place, backend, options)
        except cv2.error as error:
            raise CameraGone("no-stream") from error
        if not self._capture.isOpened():
            raise CameraGone("no-stream")

    def _set(self, address: VideoAddress) -> None:
        """The wishes in the order V4L2 needs: the format decides which sizes there are."""
        assert self._capture is not None
        wish = self._capture.set
        if (form := address.options.get("format")) is not None:
            wish(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*form))
        for name, what in (("width", cv2.CAP_PROP_FRAME_WIDTH), ("height", cv2.CAP_PROP_FRAME_HEIGHT),
                           ("fps", cv2.CAP_PROP_FPS)):  # fmt: skip
            if (value := address.number(name)) is not None:
                wish(what, value)
        if "exposure" in address.options:
            exposure = address.number("exposure")
            wish(cv2.CAP_PROP_AUTO_EXPOSURE, _AUTO if exposure is None else _MANUAL)
            if exposure is not None:
                wish(cv2.CAP_PROP_EXPOSURE, exposure)
        if "focus" in address.options:
            focus = address.number("focus")
            wish(cv2.CAP_PROP_AUTOFOCUS, int(focus is None))
            if focus is not None:
                wish(cv2.CAP_PROP_FOCUS, focus)
        warm_up = address.number("warm_up")
        for _ in range(WARM_UP if warm_up is None else warm_up):
            self._capture.grab()


def _hold(node: str) -> int:
    """The node, locked so that our other programs see who looks through it. Raises CameraGone, CameraBusy."""
    try:
        handle = os.open(node, os.O_RDWR | os.O_NONBLOCK)
    except OSError as error:
        raise _why(error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise CameraBusy("in-use-here") from None
    except OSError:
        pass  # a node that knows no locks: then only the camera itself can say that it is in use
    return handle


def _free(handle: int) -> None:
    """Ask the camera whether somebody else takes its pictures. Raises CameraBusy, CameraGone.

    V4L2 lets everybody open a camera and refuses buffers to the second (EBUSY); OpenCV says only "not opened" then.
    """
    try:
        fcntl.ioctl(handle, _REQBUFS, _REQUEST.pack(1, _VIDEO_CAPTURE, _MMAP, 0, 0))
        fcntl.ioctl(handle, _REQBUFS, _REQUEST.pack(0, _VIDEO_CAPTURE, _MMAP, 0, 0))
    except OSError as error:
        if error.errno in (errno.EBUSY, errno.ENODEV, errno.ENXIO, errno.EIO):
            raise _why(error) from error
        # any other answer (it has other buffers) is not about being in use: OpenCV will see


def _why(error: OSError) -> CameraBusy | CameraGone:
    if error.errno == errno.EBUSY:
        return CameraBusy("in-use")
    return CameraGone("not-allowed" if error.errno in (errno.EACCES, errno.EPERM) else "no-device")
