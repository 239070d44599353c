"""Puts the lamps out when the program that lit them was killed.

A dead program flashes nothing, but what was lit stays lit. A small process beside it (put_out) reads a pipe from it;
when the pipe closes without a word, the program is dead and every coil is switched off. What it cannot help: a power
cut of the terminal with the board on another supply; then the next start puts all lamps out.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


class Guard:
    """The process beside us, from our side."""

    def __init__(self, port: str, unit: int, coils: tuple[int, ...]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "drivers.lamps.put_out", port, str(unit), *map(str, coils)],
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
