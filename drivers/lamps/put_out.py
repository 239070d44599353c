"""The process beside the program (see guard): python -m drivers.lamps.put_out PORT UNIT COIL…"""

from __future__ import annotations

import os
import signal
import sys
import time

from drivers.errors import DriverError
from drivers.lamps.board import Board

# The kernel frees the port a moment after the program's death; a restarted program may have it by then, and puts
# all lamps out itself.
PATIENCE = 5.0


def all_off(port: str, unit: int, coils: list[int]) -> bool:
    """Whether every coil could be switched off."""
    try:
        with Board(port, unit) as board:
            for coil in coils:
                board.write(coil, False)
        return True
    except DriverError:
        return False


def main() -> int:
    """Wait for the program's end."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # systemd ends the whole group after a crash
        signal.signal(number, signal.SIG_IGN)
    port, unit, *coils = sys.argv[1:]
    if os.read(0, 1):
        return 0
    until = time.monotonic() + PATIENCE
    while not all_off(port, int(unit), [int(coil) for coil in coils]):
        if time.monotonic() > until:
            return 1
        time.sleep(0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
