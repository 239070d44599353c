"""Where a camera is, as a technician writes it in devices.toml.

    http://192.0.2.9:8080/stream.mjpg            a stream of pictures (MJPEG); user:password@ where it asks for them
    rtsp://192.0.2.9/live                        whatever else FFmpeg reads
    /dev/v4l/by-id/usb-…-video-index0            a camera at this machine (V4L2)
    usb:0c45:6366                                the same by the numbers lsusb shows, wherever it is plugged in

Behind a question mark for V4L2: format=MJPG (four letters), width, height, fps, exposure (100 µs each, or auto), focus
(or auto), warm_up (frames to throw away while the exposure settles), serial (of two cameras of a kind).
Big pictures need format=MJPG: without it most cameras send 8 megapixels no faster than 2 a second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from drivers.errors import ConfigError
from drivers.hotplug import find_node, parse_ids

# UVC cameras need about so many frames until the exposure is right.
WARM_UP = 4
_NUMBERS = ("width", "height", "fps", "warm_up")
_OR_AUTO = ("exposure", "focus")
_FORMAT = re.compile(r"[A-Za-z0-9 ]{4}")


@dataclass(frozen=True)
class VideoAddress:
    """`place` is a URL, a path, or vendor:product."""

    place: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_stream(self) -> bool:
        """Whether it comes over a network."""
        return "://" in self.place and not self.place.startswith("/")

    def node(self) -> str | None:
        """The device node of a camera at this machine as it is plugged in now; None when it is not."""
        if self.place.startswith("/"):
            return self.place
        return find_node("video4linux", *parse_ids(self.place), self.options.get("serial", ""))

    def number(self, option: str) -> int | None:
        """An option as a number; None where it is not said, or "auto"."""
        text = self.options.get(option, "auto")
        return None if text == "auto" else int(text)


def parse_video_address(text: str) -> VideoAddress:
    """Understand an address. Raises ConfigError, which says what is understood."""
    if re.match(r"[a-z][a-z0-9+]*://[^/\s]", text):
        try:
            urlsplit(text).port  # noqa: B018  # raises where it, or the host, is none
        except ValueError as error:
            raise ConfigError(detail=f"the address of a camera: {error}") from error
        return VideoAddress(text)  # what stands behind a question mark is the camera's own
    place, _, query = text.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if place.startswith("usb:"):
        place = place.removeprefix("usb:")
        parse_ids(place)
    elif not place.startswith("/"):
        raise ConfigError(detail="a camera is http://…, /dev/video0 or usb:vendor:product")
    for name, value in options.items():
        fits = (
            (name in _NUMBERS and value.isdecimal() and len(value) < 6)
            or (name in _OR_AUTO and (value == "auto" or (value.isdecimal() and len(value) < 6)))
            or (name == "format" and _FORMAT.fullmatch(value))
            or (name == "serial" and value)
        )
        if not fits:
            raise ConfigError(detail=f"{name} of a camera is not understood; there are format, serial, "
                                     f"{', '.join((*_NUMBERS, *_OR_AUTO))}")  # fmt: skip
    return VideoAddress(place, MappingProxyType(options))
