"""What an ESC/POS printer answers: DLE EOT 1-4 (asked for), GS r (in its turn) and ASB (by itself), told apart.

The fixed bits come from the public ESC/POS command reference: a DLE EOT answer is 0xx1xx10, the first byte of an ASB
block 0xx1xx00 with three bytes 0xx0xxxx behind it, a GS r answer 0xx0xxxx. DLE DC4 8 is answered with 37 25 00.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from drivers.status import DeviceState, DeviceStatus, PaperState


def dle_eot(number: int) -> bytes:
    """Real-time status request 1 printer, 2 offline cause, 3 error cause, 4 roll paper."""
    return bytes((0x10, 0x04, number))


# Answered only after everything sent before it was worked on: paper sensor status.
GS_R_PAPER = b"\x1dr\x01"
# DLE DC4 8: forget what is not yet printed.
CLEAR_BUFFER = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
# GS a: tell by itself when online/offline (2), an error (4) or the paper sensors (8) change. ESC @ ends it.
ASB_ON, ASB_OFF = b"\x1da\x0e", b"\x1da\x00"
_XON, _XOFF = 0x11, 0x13
_CLEARED = b"\x37\x25\x00"


@dataclass(frozen=True)
class RealTime:
    """The answer to a DLE EOT."""

    byte: int


@dataclass(frozen=True)
class InTurn:
    """The answer to a GS r."""

    byte: int


@dataclass(frozen=True)
class Unsolicited:
    """A status block (ASB) the printer sent by itself."""

    block: bytes


@dataclass(frozen=True)
class Cleared:
    """The printer forgot what it held, as it was told to."""


@dataclass(frozen=True)
class Stray:
    """A byte that no printer sends: noise, a wrong baud rate, another kind of device."""

    byte: int


Answer = RealTime | InTurn | Unsolicited | Cleared | Stray


class AnswerDecoder:
    """Tells the bytes of a printer apart, in pieces of any size. XON and XOFF are dropped."""

    def __init__(self) -> None:
        self._block = b""

    def feed(self, data: bytes) -> Iterator[Answer]:
        """Take bytes as they come; yield what is complete."""
        for byte in data:
            if self._block and self._block == _CLEARED[: len(self._block)]:
                if byte == _CLEARED[len(self._block)]:
                    self._block += bytes((byte,))
                    if self._block == _CLEARED:
                        self._block = b""
                        yield Cleared()
                    continue
                yield Stray(self._block[0])
                self._block = b""
            if byte & 0x93 == 0x12:  # may come in the middle of an ASB block
                yield RealTime(byte)
            elif byte & 0x93 == 0x10 or byte == _CLEARED[0]:
                self._block = bytes((byte,))
            elif byte & 0x90 == 0:
                if not self._block:
                    yield InTurn(byte)
                    continue
                self._block += bytes((byte,))
                if len(self._block) == 4:
                    yield Unsolicited(self._block)
                    self._block = b""
            elif byte not in (_XON, _XOFF):
                yield Stray(byte)

    def silence(self) -> None:
        """Nothing came for a while: a block whose rest is missing will not be completed any more."""
        self._block = b""


def parse(printer: int, offline: int, error: int, paper: int) -> DeviceStatus:
    """The four DLE EOT answers as one status."""
    cover_open = bool(offline & 0x04)
    supply = PaperState.FULL
    if paper & 0x60 or offline & 0x20:
        supply = PaperState.OUT
    elif paper & 0x0C:
        supply = PaperState.LOW
    device, detail = DeviceState.ONLINE, ""
    if error & 0x20:
        device, detail = DeviceState.HARDWARE_ERROR, "error"
    elif error & 0x0C:  # cutter, or another mechanical error
        device, detail, supply = DeviceState.HARDWARE_ERROR, "jam", PaperState.JAMMED
    elif cover_open:
        device, detail = DeviceState.USER_ERROR, "cover-open"
    elif supply is PaperState.OUT:
        detail = "paper-out"
    elif error & 0x40:  # the head is too hot, and cools down
        device, detail = DeviceState.DEVICE_BUSY, "busy"
    elif offline & 0x40:
        device, detail = DeviceState.HARDWARE_ERROR, "error"
    elif printer & 0x08:
        device, detail = DeviceState.DEVICE_BUSY, "busy"
    elif supply is PaperState.LOW:
        detail = "paper-low"
    return DeviceStatus(device, detail, paper=supply, cover_open=cover_open)


def believed(answers: Mapping[int, int], near_end: bool = True, cover: bool = True) -> DeviceStatus:
    """What these DLE EOT answers (number -> byte) say, as far as the model has the sensors: no cover sensor, and the
    cover is None; DLE EOT 4 not answered, and the paper is unknown, which is never fine.
    """
    bare = 0x12
    paper = answers.get(4, bare) & (0xFF if near_end else ~0x0C)
    status = parse(answers.get(1, bare), answers.get(2, bare), answers.get(3, bare), paper)
    if 4 not in answers and status.paper is PaperState.FULL:
        detail = status.detail or "not-reported"
        status = DeviceStatus(status.device, detail, PaperState.UNKNOWN, cover_open=status.cover_open)
    if (2 not in answers or not cover) and not status.cover_open:
        status = DeviceStatus(status.device, status.detail, status.paper, cover_open=None)
    return status


def answers_of(block: bytes) -> dict[int, int]:
    """An ASB block as the DLE EOT answers it stands for."""
    first, second, third = block[0], block[1], block[2]
    out = bool(third & 0x0C)
    error = second & 0x6C
    return {
        1: 0x12 | first & 0x08,
        2: 0x12 | (0x04 if first & 0x20 else 0) | (0x20 if out else 0) | (0x40 if error else 0),
        3: 0x12 | error,
        4: 0x12 | (0x0C if third & 0x03 else 0) | (0x60 if out else 0),
    }
