"""The frames of a SAM_V reader, the same on a serial line, USB and HID. Pure: no port, no time.

Request  AA AA AA 96 69 | LEN(2, big-endian) | CMD PARA DATA | CHK
Answer   AA AA AA 96 69 | LEN(2, big-endian) | SW1 SW2 SW3 DATA | CHK
LEN counts what follows it, CHK is the XOR of everything after the preamble but itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
# The longest answer known is text + photo + 1024 bytes of fingerprint: LEN 0x090A. More is noise.
MAX_LENGTH = 0x1000
# SW1 SW2 SW3 and CHK.
MIN_LENGTH = 4
# CMD, PARA and CHK: our own request, which a line with echo brings back.
_ECHO = 3


def encode_request(command: int, parameter: int, data: bytes = b"") -> bytes:
    """One request, ready for the line."""
    body = bytes((command, parameter)) + data
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes((reduce(xor, counted),))


RESET_SAM = encode_request(0x10, 0xFF)
SAM_STATUS = encode_request(0x11, 0xFF)
SAM_ID = encode_request(0x12, 0xFF)
FIND_CARD = encode_request(0x20, 0x01)
SELECT_CARD = encode_request(0x20, 0x02)
READ_BASE = encode_request(0x30, 0x01)
READ_BASE_FINGERPRINT = encode_request(0x30, 0x10)
READ_NEW_ADDRESS = encode_request(0x30, 0x03)


def max_rf_bytes(count: int) -> bytes:
    """The request that limits a radio frame to so many bytes; the tables give 0x50 for readers that need it."""
    return encode_request(0x61, 0xFF, bytes((count,)))


@dataclass(frozen=True)
class Answer:
    """One whole answer. `data` may hold a person and is not shown."""

    sw: bytes
    data: bytes

    @property
    def sw3(self) -> int:
        """The byte that says how it went; see status_words."""
        return self.sw[2]

    def __repr__(self) -> str:
        return f"Answer(sw={self.sw.hex()}, {len(self.data)} bytes)"


@dataclass(frozen=True)
class Damaged:
    """Bytes that began like an answer and were none: bad-checksum or bad-length."""

    reason: str


class FrameDecoder:
    """Cuts a stream of bytes into answers. Skips noise, and never needs more than one frame of memory."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Answer | Damaged]:
        """Take bytes as they come; yield what is complete."""
        self._buffer += data
        while True:
            start = self._buffer.find(PREAMBLE)
            if start < 0:
                # keep what may be the beginning of a preamble
                del self._buffer[: max(0, len(self._buffer) - len(PREAMBLE) + 1)]
                return
            del self._buffer[:start]
            if len(self._buffer) < len(PREAMBLE) + 2:
                return
            length = int.from_bytes(self._buffer[5:7], "big")
            if not MIN_LENGTH <= length <= MAX_LENGTH:
                del self._buffer[: len(PREAMBLE)]
                if length != _ECHO:
                    yield Damaged("bad-length")
                continue
            if len(self._buffer) < 7 + length:
                return
            counted = bytes(self._buffer[5 : 7 + length])
            if reduce(xor, counted):
                # a good frame may begin inside a damaged one: go on behind this preamble only
                del self._buffer[: len(PREAMBLE)]
                yield Damaged("bad-checksum")
                continue
            del self._buffer[: 7 + length]
            yield Answer(counted[2:5], counted[5:-1])

    def give_up_half(self) -> Iterator[Answer | Damaged]:
        """The line went quiet: where another preamble stands in the unfinished frame, that frame will never end
        and the next one counts.
        """
        while (start := self._buffer.find(PREAMBLE, 1)) > 0:
            del self._buffer[:start]
            yield from self.feed(b"")

    @property
    def begun(self) -> bool:
        """Whether a frame began and has not ended."""
        return self._buffer.startswith(PREAMBLE)

    def clear(self) -> None:
        """Forget a half frame."""
        self._buffer.clear()
