"""Puts the lamps out when the program that lit them was killed: python -m drivers.lamps.guard PORT UNIT COIL…

A dead program flashes nothing, but what was lit stays lit. This small process reads a pipe from the program; when
the pipe closes without a word, the program is dead and the guard switches every coil off. What it cannot help: a
power cut of the terminal with the board on another supply; then the next start puts all lamps out.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from drivers.errors import DriverError
from drivers.lamps.board import Board

# The kernel frees the port a moment after the program's death; a restarted program may have it by then, and puts
# all lamps out itself.
PATIENCE = 5.0
_ROOT = Path(__file__).resolve().parents[2]


class Guard:
    """The process, from the program's side."""

    def __init__(self, port: str, unit: int, coils: tuple[int, ...]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "drivers.lamps.guard", port, str(unit), *map(str, coils)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=_ROOT, start_new_session=True,
        )  # fmt: skip

    def dismiss(self) -> None:
        """The program ends as it should; the lamps are its own business. Never raises, and never waits long."""
        try:
            self._process.communicate(b"x", timeout=3)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()


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
