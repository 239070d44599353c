"""A code scanner on a serial line.

    python -m drivers.simulators.code_scanner_serial --end crlf --banner "INVENTED 2D V1.02"

Commands: scan TEXT, scan-hex BYTES, begin TEXT (a code without its end), banner (as when it gets power), state,
fault NAME|none.
Faults: silence, drop (the port is gone), garbage (noise instead of codes), half-frame (half of a code and no end), slow
(40 ms a piece), babble (noise without end).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
import time
import tty
from typing import Any

from drivers.simulators.control import WrongCommand
from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(("silence", "drop", "garbage", "half-frame", "slow", "babble"))
ENDS = {
    "cr": (b"", b"\r"), "lf": (b"", b"\n"), "crlf": (b"", b"\r\n"), "etx": (b"\x02", b"\x03"), "tab": (b"", b"\t"),
    "none": (b"", b""),
}  # fmt: skip
NOISE = bytes((byte * 7 + 131) % 251 for byte in range(24))


class Scanner:
    """The scanner, and the pty behind its link."""

    def __init__(self, link: str, end: str, encoding: str, banner: str) -> None:
        self.link, self.encoding, self.banner = link, encoding, banner
        self.start, self.end = ENDS[end]
        self.master = self.slave = -1
        self.sent = 0

    def plug(self) -> None:
        """Make the port; the scanner greets."""
        if self.master < 0:
            self.master, self.slave = os.openpty()
            os.set_blocking(self.master, False)
            tty.setraw(self.master)
            tty.setraw(self.slave)
            os.symlink(os.ttyname(self.slave), self.link)
            self.greet([])

    def unplug(self) -> None:
        """Take the port away."""
        if self.master >= 0:
            os.unlink(self.link)
            master, self.master = self.master, -1
            os.close(master)
            os.close(self.slave)

    def greet(self, words: list[str]) -> dict[str, Any]:
        """`banner`"""
        if self.banner and self.master >= 0:
            os.write(self.master, self.banner.encode() + b"\r\n")
        return {"banner": self.banner}

    def scan(self, words: list[str]) -> dict[str, Any]:
        """`scan TEXT`"""
        if len(words) != 1:
            raise WrongCommand("scan TEXT")
        return self._send(words[0].encode(self.encoding))

    def scan_hex(self, words: list[str]) -> dict[str, Any]:
        """`scan-hex BYTES`"""
        return self._send(bytes.fromhex("".join(words)))

    def begin(self, words: list[str]) -> dict[str, Any]:
        """`begin TEXT`"""
        if len(words) != 1 or self.master < 0:
            raise WrongCommand("begin TEXT, and it must be plugged in")
        return {"bytes": os.write(self.master, self.start + words[0].encode(self.encoding))}

    def _send(self, code: bytes) -> dict[str, Any]:
        if self.master < 0:
            raise WrongCommand("it is not plugged in")
        data = self.start + code + self.end
        if FAULTS.name == "silence":
            data = b""
        elif FAULTS.name == "garbage":
            data = NOISE + self.end
        elif FAULTS.name == "half-frame":
            data = data[: len(data) // 2]
        piece = 3 if FAULTS.name == "slow" else len(data) or 1
        for at in range(0, len(data), piece):
            os.write(self.master, data[at : at + piece])
            if FAULTS.name == "slow":
                time.sleep(0.04)
        self.sent += 1
        return {"bytes": len(data)}

    def fault(self, words: list[str]) -> dict[str, Any]:
        """`fault NAME|none`"""
        answer = FAULTS.set(words)
        (self.unplug if FAULTS.name == "drop" else self.plug)()
        return answer

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        return {"fault": FAULTS.name, "plugged": self.master >= 0, "sent": self.sent}

    def babble(self) -> None:
        """Noise without end, while that fault is on."""
        while True:
            time.sleep(0.02)
            if FAULTS.name == "babble" and self.master >= 0:
                with contextlib.suppress(OSError):  # nobody reads, or it was unplugged just now
                    os.write(self.master, NOISE + self.end)


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.add_argument("--end", choices=ENDS, default="cr")
    options.add_argument("--encoding", default="utf-8", help="of the codes: utf-8 or gb18030")
    options.add_argument("--banner", default="", help="what it says when it gets power")
    chosen = options.parse_args()
    folder = tempfile.mkdtemp(prefix="code-scanner-")
    scanner = Scanner(f"{folder}/port", chosen.end, chosen.encoding, chosen.banner)
    scanner.fault([chosen.fault])
    threading.Thread(target=scanner.babble, name="babble", daemon=True).start()
    handlers = {
        "scan": scanner.scan, "scan-hex": scanner.scan_hex, "begin": scanner.begin, "banner": scanner.greet,
        "fault": scanner.fault, "state": scanner.state,
    }  # fmt: skip
    try:
        serve("code_scanner", handlers, chosen.with_parent, port=scanner.link, address=f"serial:{scanner.link}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
