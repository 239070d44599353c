"""What an ESC/POS printer answers: DLE EOT 1-4 (asked for), GS r (in its turn) and ASB (by itself), told
apart.

The fixed bits come from the public ESC/POS command reference: a DLE EOT answer is 0xx1xx10, the first byte
of an ASB block 0xx1xx00 with three bytes 0xx0xxxx behind it, a GS r answer 0xx0xxxx.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drivers.status import DeviceState, DeviceStatus, PaperState


def dle_eot(number: int) -> bytes:
    """Real-time status request 1 printer, 2 offline cause, 3 error cause, 4 roll paper."""
    return bytes((0x10, 0x04, number))


# Answered only after everything sent before it was worked on: paper sensor status.
GS_R_PAPER = b"\x1dr\x01"
# DLE DC4 8: forget what is not yet printed.
CLEAR_BUFFER = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"


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


class AnswerDecoder:
    """Tells the bytes of a printer apart. XON and XOFF, and what fits nothing, are dropped."""

    def __init__(self) -> None:
        self._block = b""

    def feed(self, data: bytes) -> Iterator[RealTime | InTurn | Unsolicited]:
        """Take bytes as they come; yield what is complete."""
        for byte in data:
            if byte & 0x93 == 0x12:  # may come in the middle of an ASB block
                yield RealTime(byte)
            elif byte & 0x93 == 0x10:
                self._block = bytes((byte,))
            elif byte & 0x90 == 0:
                if not self._block:
                    yield InTurn(byte)
                    continue
                self._block += bytes((byte,))
                if len(self._block) == 4:
                    yield Unsolicited(self._block)
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
