"""What every way to a device's bytes promises, and how one is opened."""

from __future__ import annotations

from typing import Protocol

from drivers.wire.address import Address, parse_address

# A line that takes nothing for so long is stuck: a printer with flow control, a hub asleep.
WRITE_TIMEOUT = 2.0


class Wire(Protocol):
    """An open way. One thread at a time. No method waits longer than it says."""

    def write(self, data: bytes) -> None:
        """All of it. Raises NoAnswer when the device takes nothing for the wire's write timeout, DeviceGone."""

    def read(self, timeout: float) -> bytes:
        """What has come, without waiting for more; b"" when nothing came within `timeout` s. Raises DeviceGone."""

    def drain(self) -> None:
        """Throw away what came and nobody read. Raises DeviceGone."""

    def close(self) -> None:
        """Let go of the device. Never raises; may be called twice."""


def open_wire(address: str | Address, write_timeout: float = WRITE_TIMEOUT, default_port: int = 9100) -> Wire:
    """Open the way. Raises ConfigError for an address of another form, DeviceGone ("gone", "in-use", "not-allowed")."""
    at = address if isinstance(address, Address) else parse_address(address, default_port)
    # each way loads its library only when it is used
    match at.scheme:
        case "serial":
            from drivers.wire.serial_line import SerialLine

            return SerialLine(at, write_timeout)
        case "tcp":
            from drivers.wire.tcp import TcpLine

            return TcpLine(at, write_timeout)
        case "usb":
            from drivers.wire.usb_bulk import UsbBulk

            return UsbBulk(at, write_timeout)
        case "hid":
            from drivers.wire.hid_reports import HidReports

            return HidReports(at, write_timeout)
        case _:
            from drivers.wire.device_file import DeviceFile

            return DeviceFile(at, write_timeout)
