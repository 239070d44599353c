"""Room on the disk that is set aside for the visit under way: a file that is given up when others fill the disk.

Between visits it is made again; while it cannot be, no new visit begins.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

#: a visit needs about 20 MB at most (scans, drafts, WAL), and what waits for delivery is written again when shredded
BYTES = 64_000_000
#: with less than this left, the reserve is given up
NEARLY_FULL = 16_000_000


class Reserve:
    """The file `reserve` in a terminal's data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._path = data / "reserve"

    def ease(self) -> None:
        """Give the room up if the disk is nearly full: whoever is in a visit can finish it."""
        if self._free() < NEARLY_FULL:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    def made(self) -> bool:
        """Whether the room is set aside; makes it where it can be. Called while nobody is in a visit."""
        try:
            if self._path.stat().st_size >= BYTES:
                return self._free() >= NEARLY_FULL
        except FileNotFoundError:
            pass
        if self._free() < BYTES + 2 * NEARLY_FULL:
            return False
        try:
            with self._path.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, BYTES)
        except OSError:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
            return False
        return True

    def _free(self) -> int:
        room = os.statvfs(self._data)
        return room.f_bavail * room.f_frsize
