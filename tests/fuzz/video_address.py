"""A camera's address, as a technician typed it."""

from __future__ import annotations

from drivers.errors import ConfigError
from drivers.video.address import parse_video_address

DECLARED = (ConfigError,)


def one_input(data: bytes) -> None:
    address = parse_video_address(data.decode("utf-8", "replace"))
    assert address.place
    assert not (address.is_stream and address.options), "what stands behind a stream's question mark is the camera's"
    for option in ("width", "height", "fps", "warm_up", "exposure", "focus"):
        value = address.number(option)
        assert value is None or 0 <= value < 100_000
    if len(form := address.options.get("format", "MJPG")) != 4:
        raise AssertionError(form)


SEEDS: list[bytes] = [
    b"http://user:word@192.0.2.9:8080/stream.mjpg?channel=1",
    b"rtsp://192.0.2.9/live",
    b"/dev/v4l/by-id/usb-Maker-video-index0?format=MJPG&width=3264&height=2448&fps=15&exposure=auto",
    b"usb:0c45:6366?serial=A1&warm_up=0&focus=30",
]
