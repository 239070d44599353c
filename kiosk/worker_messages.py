"""The wire between a session and its worker process: header length, body length (u32, big-endian), JSON, body.

Each worker says in its own module which messages there are: kiosk.documents.scan_worker, kiosk.identity.face.worker.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Protocol

_LENGTHS = struct.Struct(">II")
#: Longer than any page at 200 dpi; more is a broken worker.
LARGEST_BODY = 16 * 1024 * 1024
LARGEST_HEADER = 64 * 1024

Message = tuple[dict[str, Any], bytes]


class Pipe(Protocol):
    """An unbuffered binary file: a read may return less than was asked for."""

    def read(self, size: int, /) -> bytes | None:
        """Up to `size` bytes; empty at the end."""

    def write(self, data: bytes, /) -> int | None:
        """How many bytes were taken."""


def send(pipe: Pipe, header: dict[str, Any], body: bytes = b"") -> None:
    """Write one message. Raises OSError where the other side is gone."""
    text = json.dumps(header).encode()
    data = memoryview(_LENGTHS.pack(len(text), len(body)) + text + body)
    while data:
        data = data[pipe.write(bytes(data)) or 0 :]


def receive(pipe: Pipe) -> Message | None:
    """Read one message; None where the other side closed, died in the middle, or sent nonsense."""
    lengths = _exactly(pipe, _LENGTHS.size)
    if lengths is None:
        return None
    header_size, body_size = _LENGTHS.unpack(lengths)
    if header_size > LARGEST_HEADER or body_size > LARGEST_BODY:
        return None
    header, body = _exactly(pipe, header_size), _exactly(pipe, body_size)
    if header is None or body is None:
        return None
    try:
        return json.loads(header), body
    except ValueError:
        return None


def _exactly(pipe: Pipe, size: int) -> bytes | None:
    parts = []
    while size:
        part = pipe.read(min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
