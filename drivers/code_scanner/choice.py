"""Which source an address means.

http://…/stream.mjpg, rtsp://…, /dev/video0    a camera
serial:/dev/ttyACM0?baudrate=9600, tcp://…     a scanner on a line (drivers.wire)
evdev:…                                        a scanner that types (drivers.input_device)
"""

from __future__ import annotations

from drivers.code_scanner.camera import Camera
from drivers.code_scanner.line_scanner import LineScanner
from drivers.code_scanner.source import Ending, Source
from drivers.code_scanner.typing_scanner import TypingScanner

_LINES = ("serial:", "tcp:", "file:", "/dev/tty", "/dev/pts/", "/dev/serial/")


def source_of(address: str, ending: Ending) -> Source:
    """The source of an address; nothing is opened yet. Raises ConfigError."""
    if address.startswith(("evdev:", "/dev/input/")):
        return TypingScanner(address, ending)
    if address.startswith(_LINES):
        return LineScanner(address, ending)
    return Camera(address)
