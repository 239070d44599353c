"""A camera's stream: any bytes, in pieces of any size, are pictures or declared errors, and never pile up."""

from __future__ import annotations

from drivers.errors import CameraGarbled
from drivers.video import mjpeg

DECLARED = (CameraGarbled,)


def one_input(data: bytes) -> None:
    size, stream = data[0] + 1 if data else 1, data[1:]
    at_once = mjpeg.Parts(b"f").feed(stream)
    parts, found = mjpeg.Parts(b"f"), []
    for start in range(0, len(stream), size):
        found += parts.feed(stream[start : start + size])
    assert found == at_once, "the size of the pieces makes a difference"
    mjpeg.boundary_of(data.decode("latin-1"))
    for body in (*found, stream):
        try:
            whole = mjpeg.picture(body)
        except CameraGarbled:
            continue
        width, height = mjpeg.size(whole)
        assert 0 < width * height <= mjpeg.MOST_PIXELS and len(whole) <= len(body)


_JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00\xff\xda\x00\x02xy\xff\xd9"
SEEDS: list[bytes] = [
    b"\x03--f\r\nContent-Type: image/jpeg\r\nContent-Length: 34\r\n\r\n" + _JPEG + b"\r\n--f\r\n\r\n",
    b"\x50--f\nA: b\n\n" + _JPEG + b"\n--f--\n\n",
    b"\x01preamble\r\n--f\r\nContent-Length: 99\r\n\r\n" + _JPEG[:9] + b"\r\n--f\r\nContent-Length: 34\r\n\r\n" + _JPEG,
    b"\x00multipart/x-mixed-replace; boundary=--f",
    b"\x09" + _JPEG,
]
