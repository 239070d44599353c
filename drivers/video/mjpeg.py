"""A camera's stream over HTTP: multipart/x-mixed-replace, a JPEG picture a part (RFC 2046, 5.1; JPEG, ITU T.81). Pure.

Cameras differ, and all of this is understood: the boundary said with or without its dashes, in quotes or not; lines
that end in CR LF or LF; parts with or without a Content-Length, also with a wrong one; text before the first part.
"""

from __future__ import annotations

import re

from drivers.errors import CameraGarbled

# A picture of 20 megapixels in best quality is 15 MB.
MOST_BYTES = 32_000_000
MOST_PIXELS = 64_000_000
# A head longer than this is no head.
MOST_HEAD = 8_000

_BOUNDARY = re.compile(r'boundary\s*=\s*"?([^";\s]{1,100})', re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"^content-length\s*:\s*(\d{1,9})\s*$", re.IGNORECASE | re.MULTILINE)

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
# Start of frame: every 0xC0-0xCF but those that are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Markers without a length: TEM and RST0-7.
_BARE = frozenset((0x01, *range(0xD0, 0xD8)))


def boundary_of(content_type: str) -> bytes | None:
    """What stands between parts, without dashes; None where the answer is no such stream."""
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/") or not found:
        return None
    return found[1].removeprefix("--").encode("latin-1", "replace")


class Parts:
    """Bytes in, bodies of whole parts out, in order; a part that was cut short comes as far as it goes."""

    def __init__(self, boundary: bytes) -> None:
        self._between = b"--" + boundary
        self._buffer = bytearray()
        self._searched = 0  # so far there is no boundary in the body
        self._body = -1  # where the body begins; -1 while its head is not whole
        self._length: int | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that are whole now. Raises CameraGarbled where a part is longer than any picture."""
        self._buffer += data
        found = []
        while (body := self._next()) is not None:
            found.append(body)
        if len(self._buffer) > MOST_BYTES:
            self._buffer.clear()
            self._body = -1
            raise CameraGarbled("too-large")
        return found

    def _next(self) -> bytes | None:
        if self._body < 0 and not self._head():
            return None
        # a body ends where its length says, or earlier, where the next part begins: then it was cut short
        end = None if self._length is None else self._body + self._length
        at = self._buffer.find(b"\n" + self._between, self._searched, end)
        if at < 0 and (end is None or len(self._buffer) < end):
            self._searched = max(self._body, len(self._buffer) - len(self._between))
            return None
        end = end if at < 0 else at
        assert end is not None
        body = bytes(self._buffer[self._body : end])
        # the end of a body of a wrong length may be the beginning of the next boundary
        del self._buffer[: max(self._body, end - len(self._between))]
        self._body = -1
        return body

    def _head(self) -> bool:
        """Whether a head is whole; what stands before it is forgotten."""
        while True:
            start = self._buffer.find(self._between)
            if start < 0:
                del self._buffer[: max(0, len(self._buffer) - len(self._between))]
                return False
            del self._buffer[:start]
            head = _HEAD_END.search(self._buffer, len(self._between), MOST_HEAD)
            if head:
                break
            if len(self._buffer) < MOST_HEAD:
                return False
            # no head ends here: only the last boundary may still have one
            last = self._buffer.rfind(self._between, 1, MOST_HEAD)
            del self._buffer[: last if last > 0 else len(self._between)]
        length = _LENGTH.search(self._buffer[: head.start() + 1].replace(b"\r", b""))
        self._length = int(length[1]) if length and 0 < int(length[1]) <= MOST_BYTES else None
        self._body = self._searched = head.end()
        return True


def picture(body: bytes) -> bytes:
    """The JPEG in a part's body, whole from its first marker to its last. Raises CameraGarbled."""
    body = body.strip(b"\r\n\0 ")
    if not body.startswith(_SOI) or not body.endswith(_EOI):
        raise CameraGarbled("bad-picture", "not whole" if body.startswith(_SOI) else "no JPEG")
    width, height = size(body)
    if not 0 < width * height <= MOST_PIXELS:
        raise CameraGarbled("bad-picture", f"{width} x {height}")
    return body


def size(jpeg: bytes) -> tuple[int, int]:
    """Width and height, from the frame's header. Raises CameraGarbled where there is none."""
    at = 2
    while at + 9 <= len(jpeg):
        if jpeg[at] != 0xFF:
            break
        marker = jpeg[at + 1]
        if marker == 0xFF:  # fill
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in _FRAMES:
            return int.from_bytes(jpeg[at + 7 : at + 9], "big"), int.from_bytes(jpeg[at + 5 : at + 7], "big")
        else:
            at += 2 + max(2, int.from_bytes(jpeg[at + 2 : at + 4], "big"))
    raise CameraGarbled("bad-picture", "no frame")
