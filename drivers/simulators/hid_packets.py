"""HID reports of a simulated card reader, after a maker's public driver (Miaxis, 10c4:0007).

From the host   88 | SRN(2) | LEN(2, little-endian) | B1     | data | SUM(2)
To the host     AA | SRN(2) | LEN(2, little-endian) | result | data | SUM(2)
64 bytes, filled up with zeros. `--numbered`: two bytes of a packet number before the data. `--plain`: data and nothing
else.
"""

from __future__ import annotations

import argparse

REPORT = 64


def options(parser: argparse.ArgumentParser) -> None:
    """How this reader cuts its answers."""
    parser.add_argument("--numbered", action="store_true", help="HID: packet numbers before the data")
    parser.add_argument("--plain", action="store_true", help="HID: data without a head")


class Reports:
    """Cuts and joins. What comes from the host has a report's id of one byte before each report."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self._numbered, self._plain = chosen.numbered, chosen.plain
        self._buffer = bytearray()

    def taken(self, data: bytes) -> bytes:
        """The stream in what the host wrote."""
        self._buffer += data
        stream = b""
        while len(self._buffer) > REPORT:
            report = bytes(self._buffer[1 : REPORT + 1])
            del self._buffer[: REPORT + 1]
            if self._plain:
                stream += report
                continue
            end = 5 + report[3] + report[4] * 256
            if report[0] != 0x88 or report[5] != 0xB1 or sum(report[3:end]) != report[end] + report[end + 1] * 256:
                continue  # a reader stays silent
            stream += report[6:end]
        return stream

    def given(self, answer: bytes) -> list[bytes]:
        """The reports of an answer."""
        if self._plain:
            return [answer[at : at + REPORT].ljust(REPORT, b"\0") for at in range(0, len(answer), REPORT)]
        room = 54 if self._numbered else 56
        reports = []
        for number, at in enumerate(range(0, len(answer), room)):
            data = (bytes([number & 0xFF, number >> 8]) if self._numbered else b"") + answer[at : at + room]
            counted = bytes([(len(data) + 1) & 0xFF, (len(data) + 1) >> 8, 0]) + data
            total = sum(counted)
            reports.append((b"\xaa\0\0" + counted + bytes([total & 0xFF, total >> 8])).ljust(REPORT, b"\0"))
        return reports
