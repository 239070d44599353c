"""Attack on the addresses of devices.toml."""

from __future__ import annotations

from drivers.errors import ConfigError
from drivers.wire.address import parse_address

DECLARED = (ConfigError,)
SEEDS = [b"serial:/dev/ttyUSB0?baudrate=9600", b"tcp://[::1]:9100", b"usb:0400:c35a?out=02&in=81", b"hid:/dev/hidraw0"]


def one_input(data: bytes) -> None:
    """An address that is understood reads back as itself."""
    address = parse_address(data.decode("utf-8", "replace"))
    if address.scheme == "tcp":
        assert 0 < address.host_port[1] < 65536
    if not address.options:
        assert parse_address(str(address)) == address
