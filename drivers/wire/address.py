"""Where a device is, as a technician writes it in devices.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, urlencode

from drivers.errors import ConfigError

SCHEMES = ("serial", "tcp", "usb", "hid", "file")
_IDS = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")
_HOST = re.compile(r"//(?P<host>\[[0-9a-fA-F:]+\]|[^\s:/?]+)(:(?P<port>[0-9]{1,5}))?/?")


@dataclass(frozen=True)
class Address:
    """`place` is a path, "host:port" or "vendor:product"; options are what stands behind the question mark."""

    scheme: str
    place: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        options = urlencode(self.options, safe="/:,", quote_via=quote)
        start = "//" if self.scheme == "tcp" else ""
        return f"{self.scheme}:{start}{self.place}" + (f"?{options}" if options else "")

    @property
    def path(self) -> str:
        """The file's path; "" where the place is not a file."""
        return self.place if self.place.startswith("/") else ""

    @property
    def usb_ids(self) -> tuple[int, int]:
        """Vendor and product. Raises ConfigError where the place names none."""
        found = _IDS.fullmatch(self.place)
        if not found:
            raise ConfigError(detail=f"{self.scheme}: needs vendor:product in hex, as 0400:c35a")
        return int(found[1], 16), int(found[2], 16)

    @property
    def host_port(self) -> tuple[str, int]:
        """Of a tcp address."""
        host, _, port = self.place.rpartition(":")
        return host.strip("[]"), int(port)

    def number(self, option: str, default: int, base: int = 10) -> int:
        """An option as a number. Raises ConfigError."""
        try:
            return int(self.options[option], base) if option in self.options else default
        except ValueError:
            raise ConfigError(detail=f"{option} is no number") from None


def parse_address(text: str, default_port: int = 9100) -> Address:
    """Understand an address. Raises ConfigError, which says what is understood."""
    if text.startswith("/"):
        text = "serial:" + text
    scheme, colon, rest = text.partition(":")
    place, _, query = rest.partition("?")
    if not colon or scheme not in SCHEMES or not place:
        raise ConfigError(detail=f"an address begins with one of {', '.join(SCHEMES)} and a colon")
    options = MappingProxyType(dict(parse_qsl(query, keep_blank_values=True)))
    if scheme == "tcp":
        found = _HOST.fullmatch(place)
        if not found or not 0 < int(found["port"] or default_port) < 65536:
            raise ConfigError(detail="a network address is tcp://host:port")
        return Address(scheme, f"{found['host']}:{found['port'] or default_port}", options)
    if scheme == "usb" or not place.startswith("/"):
        if scheme in ("serial", "file") or not _IDS.fullmatch(place):
            raise ConfigError(
                detail=f"{scheme}: needs " + ("a path" if scheme in ("serial", "file") else "vendor:product")
            )
        place = place.lower()
    return Address(scheme, place, options)
