"""A simulated SAM card reader on USB, seen by programs that run in its environment. Persons, faults: see sam_reader.py.

    python -m drivers.simulators.id_card_usb [--wire usb|hid] [--ids 0400:c35a]

usb: a vendor-specific interface, bulk endpoints out 02 and 06, in 81 and 85. hid: /dev/hidraw0. The fault `drop` pulls
the cable out; any other pushes it in again.
"""

from __future__ import annotations

import argparse
from typing import Any

from drivers.simulators import hid_packets
from drivers.simulators.program import parser, serve
from drivers.simulators.sam_reader import FAULTS, Line, SamReader, options
from drivers.simulators.usb_testbed import UsbTestbed, start_in_testbed


class HidLine(Line):
    """The line behind reports."""

    def __init__(self, reader: SamReader, chosen: argparse.Namespace) -> None:
        super().__init__(reader)
        self._reports = hid_packets.Reports(chosen)

    def take(self, data: bytes) -> None:
        """Reports of the host."""
        super().take(self._reports.taken(data))

    def due(self) -> list[bytes]:
        """Reports for the host."""
        return [report for piece in super().due() for report in self._reports.given(piece)]


def main() -> None:
    """Run the simulator."""
    start_in_testbed("drivers.simulators.id_card_usb")
    words = parser(__doc__ or "", FAULTS)
    options(words)
    words.add_argument("--wire", choices=("usb", "hid"), default="usb")
    words.add_argument("--ids", default="0400:c35a", help="vendor:product in hex")
    hid_packets.options(words)
    chosen = words.parse_args()
    FAULTS.name = chosen.fault
    vendor, product = (int(number, 16) for number in chosen.ids.split(":"))
    reader = SamReader(chosen)
    hid = chosen.wire == "hid"
    bed = UsbTestbed(vendor, product, HidLine(reader, chosen) if hid else Line(reader), hid)

    def plug() -> None:
        (bed.unplug if FAULTS.name == "drop" else bed.plug)()

    def fault(names: list[str]) -> dict[str, Any]:
        answer = FAULTS.set(names)
        bed.soon(plug)
        return answer

    bed.soon(plug)
    handlers = {**reader.handlers, "fault": fault}
    try:
        serve("id_card", handlers, chosen.with_parent, port=f"{chosen.wire}:{chosen.ids}", environment=bed.environment)
    finally:
        bed.end()


if __name__ == "__main__":
    main()
