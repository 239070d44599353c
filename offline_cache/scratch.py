"""Temporary files of a program that handles a citizen's data: in memory only, and gone with the program.

Whatever the program or a worker of it puts into its temporary folder (a page on its way through a print filter) never
reaches the disk, and what a crash left is removed by the next start.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from offline_cache.errors import NoScratch

#: types of file systems whose files are memory
IN_MEMORY = ("tmpfs", "ramfs")


def use_scratch(name: str) -> Path:
    """Make `name` this program's temporary folder, and its workers' (TMPDIR); raises NoScratch.

    Under RUNTIME_DIRECTORY, which systemd makes for a service (systemd.exec(5)), else under /dev/shm.
    """
    above = Path(os.environ.get("RUNTIME_DIRECTORY") or "/dev/shm")
    if _file_system(above) not in IN_MEMORY:
        raise NoScratch(f"{above} is not in memory: a citizen's data would reach the disk")
    for left in above.glob(f"{name}-*"):
        if left.name.removeprefix(f"{name}-").isdigit() and not Path(f"/proc/{left.name.rpartition('-')[2]}").exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = above / f"{name}-{os.getpid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def swap_on_disk() -> list[str]:
    """Swap areas that are not compressed memory: what lies in memory can reach them (proc(5), /proc/swaps)."""
    lines = Path("/proc/swaps").read_text("ascii").splitlines()[1:]
    return [line.split()[0] for line in lines if not line.startswith("/dev/zram")]


def _file_system(path: Path) -> str:
    """The type of the file system a path is on (proc(5), /proc/self/mountinfo)."""
    deepest, kind = "", ""
    for line in Path("/proc/self/mountinfo").read_text("utf-8").splitlines():
        before, _, after = line.partition(" - ")
        place = before.split()[4]
        if path.is_relative_to(place) and len(place) >= len(deepest):
            deepest, kind = place, after.split()[0]
    return kind
