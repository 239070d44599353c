"""A camera that sends its pictures over HTTP. Only the newest is decoded; nothing it sends can fill the memory."""

from __future__ import annotations

import base64
import contextlib
import http.client
import select
import socket
import time
from urllib.parse import unquote, urlsplit

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.errors import CameraBusy, CameraGarbled, CameraGone
from drivers.video import mjpeg

# What servers answer that have no room for another watcher.
_BUSY = (409, 423, 429, 503)
_NOT_ALLOWED = (401, 403)
_PIECE = 262_144
# Pictures that lie ready are passed over for the newest, for so long: a flood shall not keep us from looking.
_CATCH_UP = 0.3
# One broken picture is noise; so many in a row are a broken camera.
_MOST_BROKEN = 5


# Answers to which FFmpeg may know more: moved elsewhere.
_MOVED = (301, 302, 303, 307, 308)


class NotMjpeg(Exception):
    """It answered, and not with a stream of pictures. `code` is what to say if nobody else can read it either."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class HttpCamera:
    """An open stream. One thread. Raises CameraError of every kind but frozen and dark."""

    def __init__(self, url: str, timeout: float) -> None:
        """Connect within `timeout` s. Raises CameraBusy, CameraGone, NotMjpeg."""
        at = urlsplit(url)
        secure = at.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        headers = {"Accept": "multipart/x-mixed-replace", "Connection": "close"}
        if at.username:
            said = f"{unquote(at.username)}:{unquote(at.password or '')}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(said).decode()
        try:
            self._connection = kind(at.hostname or "", at.port, timeout=timeout)
            self._connection.connect()
            assert isinstance(self._connection.sock, socket.socket)
            self._socket: socket.socket = self._connection.sock
            self._connection.request("GET", (at.path or "/") + (f"?{at.query}" if at.query else ""), headers=headers)
            self._answer = self._connection.getresponse()
        except (OSError, ValueError, http.client.HTTPException) as error:
            self.close()
            silent = isinstance(error, TimeoutError)
            raise CameraGone("no-answer" if silent else "no-stream", type(error).__name__) from error
        status, content = self._answer.status, self._answer.getheader("Content-Type", "")
        boundary = mjpeg.boundary_of(content)
        if status == 200 and boundary is not None:
            self._parts = mjpeg.Parts(boundary)
            return
        self.close()
        if status in _BUSY:
            raise CameraBusy()
        code = "not-allowed" if status in _NOT_ALLOWED else "no-stream"
        # 401 to a name and a password: many cameras want them as a digest, which FFmpeg knows
        if status == 200 or status in _MOVED or (status == 401 and at.username):
            raise NotMjpeg(code)
        raise CameraGone(code, f"HTTP {status}")

    def newest(self, timeout: float) -> NDArray[np.uint8]:
        """The newest whole picture that has come, or the next one. Broken ones are passed over while time is left.

        Raises CameraGone ("no-frame"), CameraGarbled.
        """
        now = time.monotonic()
        deadline = now + timeout
        garbled: CameraGarbled | None = None
        bodies: list[bytes] = []
        broken = 0
        while True:
            left = deadline - time.monotonic()
            if not bodies or self._more():
                data = self._read(left) if left > 0 else b""
                if data:
                    try:
                        bodies = self._parts.feed(data)[-1:] or bodies
                    except CameraGarbled as error:
                        garbled = error
                    if not bodies or time.monotonic() < now + _CATCH_UP:
                        continue
                elif not bodies:
                    raise garbled or CameraGone("no-frame")
            try:
                return _decoded(mjpeg.picture(bodies.pop()))
            except CameraGarbled as error:
                garbled, broken = error, broken + 1
                if broken >= _MOST_BROKEN:
                    raise

    def close(self) -> None:
        """Never raises; may be called twice."""
        # half-read streams are thrown away, not read to their end
        with contextlib.suppress(OSError, AttributeError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError, AttributeError):
            self._answer.close()
        with contextlib.suppress(OSError, AttributeError):
            self._connection.close()

    def _more(self) -> bool:
        try:
            return bool(select.select([self._socket], [], [], 0)[0])
        except (OSError, ValueError):
            return False

    def _read(self, timeout: float) -> bytes:
        """b"" where nothing came in time, or the stream ended."""
        try:
            self._socket.settimeout(max(timeout, 0.001))
            return self._answer.read1(_PIECE)
        except (OSError, ValueError, http.client.HTTPException):
            return b""


def _decoded(jpeg: bytes) -> NDArray[np.uint8]:
    try:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise CameraGarbled() from error
    if image is None:
        raise CameraGarbled()
    return np.asarray(image, np.uint8)
