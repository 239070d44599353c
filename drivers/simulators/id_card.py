"""A simulated SAM card reader on a pty. Commands and persons: see sam_reader.py.

    python -m drivers.simulators.id_card [--wire serial|hid] [--find once] [--without 3010]

The port is a link that goes away with the fault `drop` and comes back with another pty, as udev names do. With
`--wire hid` the pty stands in for /dev/hidraw0: 64-byte reports, a report's id before each that is written to it.
"""

from __future__ import annotations

import os
import select
import shutil
import tempfile
import threading
import time
import tty

from drivers.simulators import hid_packets
from drivers.simulators.program import parser, serve
from drivers.simulators.sam_reader import FAULTS, Line, SamReader, options


class Port:
    """A pty behind a link."""

    def __init__(self, link: str) -> None:
        self.link = link
        self.master = self.slave = -1

    def open(self) -> None:
        """Make a pty and its link."""
        self.master, self.slave = os.openpty()
        tty.setraw(self.master)
        tty.setraw(self.slave)
        os.symlink(os.ttyname(self.slave), self.link)

    def close(self) -> None:
        """Take the link and the pty away."""
        if self.master >= 0:
            os.unlink(self.link)
            os.close(self.master)
            os.close(self.slave)
            self.master = self.slave = -1


def run(reader: SamReader, port: Port, reports: hid_packets.Reports | None) -> None:
    """Answer requests until the program ends."""
    line = Line(reader)
    while True:
        if FAULTS.name == "drop":
            port.close()
            line.clear()
            time.sleep(0.02)
            continue
        if port.master < 0:
            port.open()
        ready, _, _ = select.select([port.master], [], [], line.wait(0.05))
        if ready:
            data = os.read(port.master, 4096)
            line.take(reports.taken(data) if reports else data)
        if FAULTS.name == "drop":
            continue
        for piece in line.due():
            for part in reports.given(piece) if reports else [piece]:
                os.write(port.master, part)


def main() -> None:
    """Run the simulator."""
    words = parser(__doc__ or "", FAULTS)
    options(words)
    words.add_argument("--wire", choices=("serial", "hid"), default="serial")
    hid_packets.options(words)
    chosen = words.parse_args()
    FAULTS.name = chosen.fault
    folder = tempfile.mkdtemp(prefix="id-card-")
    reader, port = SamReader(chosen), Port(f"{folder}/port")
    reports = hid_packets.Reports(chosen) if chosen.wire == "hid" else None
    if chosen.fault != "drop":
        port.open()
    threading.Thread(target=run, args=(reader, port, reports), name="wire", daemon=True).start()
    announced = f"hid:{port.link}" if reports else port.link
    try:
        serve("id_card", reader.handlers, chosen.with_parent, port=announced)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
