"""Bytes of a serial scanner -> codes. Pure: it has no clock; its owner says when the line fell silent."""

from __future__ import annotations

import re

from drivers.errors import ConfigError

# QR version 40 holds 7089 digits, more than any other kind of code.
LONGEST = 7089
_STX, _ETX = b"\x02", b"\x03"
# "auto" takes any of them: scanners are delivered with CR, CRLF, LF, ETX or TAB, or nothing but silence.
_ENDS = {
    "auto": rb"[\r\n\x03]+",
    "cr": rb"\r",
    "lf": rb"\n",
    "crlf": rb"\r\n",
    "etx": rb"\x03[\r\n]*",
    "tab": rb"\t",
    "pause": rb"(?!)",
}
ENDS = tuple(_ENDS)


class Framer:
    """Cuts a stream into the bytes of codes. An STX begins a code, and what stood before it was none."""

    def __init__(self, end: str = "auto", longest: int = LONGEST) -> None:
        """`end` is one of ENDS. Raises ConfigError for another."""
        if end not in _ENDS:
            raise ConfigError(detail=f"end is one of {', '.join(ENDS)}")
        self._end = re.compile(_ENDS[end])
        self._pause_ends = end in ("auto", "pause")
        self._longest = longest
        self._rest = b""
        self._too_long = False

    def feed(self, data: bytes) -> list[bytes]:
        """The codes that are whole now, in order; empty ones and those that are too long are left out."""
        *whole, self._rest = self._end.split(self._rest + data)
        codes = []
        for code in whole:
            if not self._too_long:
                codes += self._code(code)
            self._too_long = False
        if len(self._rest) > self._longest + 2:  # an STX, and the CR of an unfinished CRLF
            self._rest, self._too_long = self._rest[-1:], True
        return codes

    def pause(self) -> list[bytes]:
        """The line fell silent: that ends a code where no other end is agreed, and a broken one everywhere."""
        rest, too_long = self._rest, self._too_long
        self._rest, self._too_long = b"", False
        return self._code(rest) if self._pause_ends and not too_long else []

    @property
    def begun(self) -> bool:
        """Whether some of a code has come."""
        return bool(self._rest) or self._too_long

    def _code(self, code: bytes) -> list[bytes]:
        code = code.rpartition(_STX)[2].strip(b"\x00")
        return [code] if code and len(code) <= self._longest else []
