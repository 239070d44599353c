"""Where a scanner is, as a technician writes it in devices.toml, and what SANE must be told of it.

    escl:http://192.0.2.9/eSCL      a network scanner; http://192.0.2.9/eSCL alone is the same
    wsd:http://192.0.2.9/WSDScanner one that speaks WSD only
    test:0                          SANE's test backend
    fujitsu:ScanSnap iX500:1234     any other name of SANE (`python -m drivers.document_scanner list`)

Network scanners get a configuration of SANE of their own, so that nothing is searched for on the network and the
system's files stay as they are. Where SANE_CONFIG_DIR is set already, other names are looked up there.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from drivers.errors import ConfigError
from drivers.wire.http_exchange import parse_url

_PORTS = {"http": 80, "https": 443}
# The name sane-airscan knows it by; "e0" is the first eSCL device of its configuration, "w0" the first WSD device.
_NAME = "scanner"


@dataclass(frozen=True)
class ScannerAddress:
    """`name` is SANE's; `files` are those of a private SANE_CONFIG_DIR (none: the system's); `escl` is the URL that can
    be asked for the scanner's state, "" where there is none.
    """

    name: str
    files: dict[str, str] = field(default_factory=dict)
    escl: str = ""


def parse_scanner(text: str) -> ScannerAddress:
    """Understand an address. Raises ConfigError."""
    scheme, _, rest = text.partition(":")
    if scheme in ("http", "https"):
        scheme, rest = "escl", text
    if scheme in ("escl", "wsd"):
        parts = parse_url(rest, _PORTS)
        if not re.fullmatch(r"[^\s\"',;#\[\]]+", rest.replace("[", "").replace("]", "")):
            raise ConfigError(detail="a scanner's URL has neither spaces nor quotes")
        url = parts.geturl().rstrip("/")
        if scheme == "escl" and parts.path in ("", "/"):
            url += "/eSCL"
        quiet = "[options]\ndiscovery = disable\nws-discovery = off\n"
        files = {"dll.conf": "airscan\n", "airscan.conf": f'[devices]\n"{_NAME}" = {url}, {scheme}\n{quiet}'}
        return ScannerAddress(f"airscan:{scheme[0]}0:{_NAME}", files, url if scheme == "escl" else "")
    if (not rest and scheme != "test") or not text.isprintable():
        raise ConfigError(detail="a scanner is escl:http://host/eSCL, or a name of SANE as backend:device")
    if scheme == "test" and "SANE_CONFIG_DIR" not in os.environ:
        return ScannerAddress(text if rest else "test:0", {"dll.conf": "test\n"})
    return ScannerAddress(text if rest else "test:0")
