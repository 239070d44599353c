"""A device that speaks in HID reports through the kernel's hidraw: no driver, no claim, fixed pieces of 64 bytes.

How a stream of bytes is cut into reports is the maker's own. Two layouts are known for card readers:

layout=packet (default), of Miaxis' public driver for 10c4:0007 and 203b:0101; 64 bytes, 56 for the stream:
    to the reader    88 | SRN(2) | LEN(2, little-endian) | B1     | data | SUM(2)
    from the reader  AA | SRN(2) | LEN(2, little-endian) | result | [number(2)] data | SUM(2)
    LEN counts the byte behind it and the data, SUM adds LEN and all it counts, little-endian; the rest is zeros. Some
    readers begin the data of each report with its number; that the stream begins two bytes later shows it.
layout=plain&header=N: N bytes (zeros when we write), then the stream, filled up with zeros.

Reading takes either layout, whichever a report is in. Options: report=64, layout, header, command=b1 (hex).
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import time
from collections.abc import Iterable

import pyudev

from drivers.errors import ConfigError, DeviceGone, NoAnswer
from drivers.wire.address import Address

REPORT = 64
REQUEST, ANSWER = 0x88, 0xAA
ID_CARD_COMMAND = 0xB1
# 88 SRN SRN LEN LEN B1, and SUM SUM behind the data.
_HEAD, _SUM = 6, 2
# The answer of a SAM begins so; where it stands in its first report shows whether reports carry numbers.
_STREAM_BEGINS = b"\xaa\xaa\xaa\x96\x69"
_WHY = {errno.EBUSY: "in-use", errno.EACCES: "not-allowed", errno.EPERM: "not-allowed"}


class Packets:
    """layout=packet. Pure."""

    def __init__(self, report: int, command: int) -> None:
        self._report, self._command = report, command
        self._numbered = False

    def cut(self, data: bytes) -> Iterable[bytes]:
        """The reports that carry these bytes."""
        room = self._report - _HEAD - _SUM
        for start in range(0, len(data), room):
            piece = data[start : start + room]
            counted = (len(piece) + 1).to_bytes(2, "little") + bytes((self._command,)) + piece
            whole = bytes((REQUEST, 0, 0)) + counted + sum(counted).to_bytes(2, "little")
            yield whole.ljust(self._report, b"\0")

    def join(self, report: bytes) -> bytes | None:
        """What a report carries, None where it is not in this layout."""
        length = int.from_bytes(report[3:5], "little")
        end = 5 + length
        if report[:1] != bytes((ANSWER,)) or length == 0 or end + _SUM > len(report):
            return None
        if sum(report[3:end]) & 0xFFFF != int.from_bytes(report[end : end + _SUM], "little"):
            return None
        data = report[_HEAD:end]
        if data.startswith(_STREAM_BEGINS):
            self._numbered = False
        elif data[2:].startswith(_STREAM_BEGINS):
            self._numbered = True
        return data[2:] if self._numbered else data


class Plain:
    """layout=plain. Pure."""

    def __init__(self, report: int, header: int) -> None:
        self._report, self._header = report, header

    def cut(self, data: bytes) -> Iterable[bytes]:
        """The reports that carry these bytes."""
        room = self._report - self._header
        for start in range(0, len(data), room):
            yield (bytes(self._header) + data[start : start + room]).ljust(self._report, b"\0")

    def join(self, report: bytes) -> bytes:
        """What a report carries, with the zeros behind it."""
        return report[self._header :]


class HidReports:
    """hid:/dev/hidraw0 or hid:vvvv:pppp, the first device of these numbers."""

    def __init__(self, address: Address, write_timeout: float) -> None:
        self._report = address.number("report", REPORT)
        header = address.number("header", 0)
        layout = address.options.get("layout", "packet")
        if layout not in ("packet", "plain") or not 16 <= self._report <= 4096 or not 0 <= header < self._report:
            raise ConfigError(detail="layout is packet or plain, report 16 to 4096, header shorter than a report")
        self._packets = Packets(self._report, address.number("command", ID_CARD_COMMAND, 16))
        self._plain = Plain(self._report, header)
        self._layout: Packets | Plain = self._packets if layout == "packet" else self._plain
        self._write_timeout = write_timeout
        self._half = b""
        try:
            self._handle = os.open(address.path or _find(*address.usb_ids), os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise _gone(error) from error

    def write(self, data: bytes) -> None:
        """See Wire."""
        deadline = time.monotonic() + self._write_timeout
        for report in self._layout.cut(data):
            # the kernel takes the report's id first; 0 where a device has only one kind
            self._write_report(b"\0" + report, deadline)

    def _write_report(self, report: bytes, deadline: float) -> None:
        try:
            while (left := deadline - time.monotonic()) > 0:
                if select.select([], [self._handle], [], left)[1]:
                    with contextlib.suppress(BlockingIOError):
                        os.write(self._handle, report)
                        return
                    time.sleep(0.01)
        except (OSError, ValueError) as error:
            raise _gone(error) from error
        raise NoAnswer()

    def read(self, timeout: float) -> bytes:
        """See Wire."""
        try:
            if select.select([self._handle], [], [], timeout)[0]:
                raw = os.read(self._handle, self._report - len(self._half))
                if not raw:
                    raise DeviceGone(detail="closed")
                self._half += raw
                if len(self._half) < self._report:  # a device of shorter reports, or one that comes in two parts
                    return b""
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise _gone(error) from error
        report, self._half = self._half, b""
        joined = self._packets.join(report)
        return self._plain.join(report) if joined is None else joined

    def drain(self) -> None:
        """See Wire."""
        end = time.monotonic() + 0.3  # also for a device that never falls silent
        while self._waiting() and time.monotonic() < end:
            self.read(0)
        self._half = b""

    def _waiting(self) -> bool:
        try:
            return bool(select.select([self._handle], [], [], 0)[0])
        except (OSError, ValueError) as error:
            raise _gone(error) from error

    def close(self) -> None:
        """See Wire."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            with contextlib.suppress(OSError):
                os.close(handle)


def _find(vendor: int, product: int) -> str:
    """The device file of a HID device. Raises DeviceGone."""
    for device in pyudev.Context().list_devices(subsystem="hidraw"):
        parent = device.find_parent("hid")
        # HID_ID=0003:00000400:0000C35A is bus, vendor and product
        numbers = (parent.get("HID_ID") or "").split(":") if parent is not None else []
        if len(numbers) == 3 and (int(numbers[1], 16), int(numbers[2], 16)) == (vendor, product) and device.device_node:
            return str(device.device_node)
    raise DeviceGone("gone", "no such device")


def _gone(error: Exception) -> DeviceGone:
    return DeviceGone(_WHY.get(getattr(error, "errno", None) or 0, "gone"), type(error).__name__)
