"""A simulated slot for a USB stick: a folder that comes and goes as the system's mounting unit makes it come and go.

    python -m drivers.simulators.usb_stick --slot FOLDER

Commands: plug FOLDER (its files are on the stick; links stay links), pull, fault NAME|none, state.
Faults: drop (the stick is pulled, and what is plugged in is not seen), garbage (what is mounted is no folder), endless
(as many files as a stick can hold, folders in folders without end).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from drivers.simulators.control import WrongCommand
from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(("drop", "garbage", "endless"))


class Slot:
    """The mount point, and what was plugged in last."""

    def __init__(self, slot: Path) -> None:
        slot.mkdir(parents=True, exist_ok=True)
        self.folder = slot / "stick"
        self._plugged: Path | None = None
        self._away()

    def plug(self, words: list[str]) -> dict[str, Any]:
        """`plug FOLDER`"""
        if len(words) != 1 or not Path(words[0]).is_dir():
            raise WrongCommand("plug a folder")
        self._plugged = Path(words[0])
        return self._mount()

    def pull(self, words: list[str]) -> dict[str, Any]:
        """`pull`"""
        self._plugged = None
        return self._mount()

    def fault(self, words: list[str]) -> dict[str, Any]:
        """`fault NAME`"""
        return {**FAULTS.set(words), **self._mount()}

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        return {"fault": FAULTS.name, "plugged": self._plugged is not None}

    def _mount(self) -> dict[str, Any]:
        self._away()
        if FAULTS.name == "garbage":
            self.folder.write_bytes(b"\x00" * 512)
        elif FAULTS.name == "endless":
            self.folder.mkdir()
            for number in range(6000):
                (self.folder / f"{number}.txt").touch()
            deep = self.folder
            for _ in range(60):
                deep = deep / "d"
                deep.mkdir()
        elif self._plugged is not None and FAULTS.name == "none":
            shutil.copytree(self._plugged, self.folder, symlinks=True)
        return self.state([])

    def _away(self) -> None:
        if self.folder.is_dir() and not self.folder.is_symlink():
            # out of sight in one step, as an unmounted file system is
            grave = Path(tempfile.mkdtemp(prefix="stick-"))
            shutil.move(self.folder, grave / "stick")
            shutil.rmtree(grave)
        else:
            self.folder.unlink(missing_ok=True)


def main() -> None:
    """Run the simulator."""
    options = parser("A simulated slot for a USB stick", FAULTS)
    options.add_argument("--slot", type=Path, required=True)
    chosen = options.parse_args()
    slot = Slot(chosen.slot)
    slot.fault([chosen.fault])
    handlers = {"plug": slot.plug, "pull": slot.pull, "fault": slot.fault, "state": slot.state}
    serve("usb_stick", handlers, chosen.with_parent, folder=str(slot.folder))
    slot.pull([])


if __name__ == "__main__":
    main()
