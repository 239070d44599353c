"""The folder `releases` of a terminal: whole releases, each with the hashes that were signed, and a link to one.

A release appears under its name only when every byte of it is on the disk, and is never changed afterwards. What is in
use is a link, which changes in one step: a cut anywhere leaves the old or the new one, never half.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from contract.model import Message
from offline_cache.durable import sync
from offline_cache.errors import StoreBusy, UpdateRunning
from offline_cache.store import held

#: releases that are kept: the current one, the last good one, and one a long visit may still read
KEPT = 3
#: the hashes of a release's files, in its folder
SIGNED = ".signed.json"
#: the search index, made here
INDEX = "search.db"
#: seconds to wait for another program that looks after releases
PATIENCE = 10.0

_LIBC = ctypes.CDLL(None, use_errno=True)


class FileHash(Message):
    """Length in bytes and SHA-256 (hex) of a file."""

    length: int
    sha256: str

    def fits(self, content: bytes) -> bool:
        """Whether `content` is that file."""
        return len(content) == self.length and hashlib.sha256(content).hexdigest() == self.sha256


class Signed(Message):
    """What a release consists of: files as they were signed, and the index as it was made from them."""

    files: dict[str, FileHash]
    index: FileHash

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 by name, of what was signed."""
        return {name: file.sha256 for name, file in self.files.items()}


class ReleaseFolder:
    """`data`/releases. Everything but reading is done within `alone`."""

    def __init__(self, data: Path) -> None:
        self.path = data / "releases"
        self._lock = data / "releases.lock"
        self._part = self.path / "part"
        self._link = self.path / "current"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The only program that changes releases here: agent and technician do not collide. Raises UpdateRunning."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            lock = held(self._lock, fcntl.LOCK_EX, PATIENCE)
        except StoreBusy:
            raise UpdateRunning("another program installs a release here; try again later") from None
        with lock:
            self.tidy()
            yield

    # what is there

    @property
    def current(self) -> str:
        """The name of the release in use; "" for none."""
        return os.readlink(self._link) if self._link.is_symlink() else ""

    @property
    def version(self) -> int:
        """The number of the release in use; 0 for none."""
        return _version(self.current) if self.current else 0

    def names(self) -> list[str]:
        """Of the releases that are here, the one in use first, then the newest."""
        names = [path.name for path in self.path.iterdir() if path.is_dir() and path.name[0].isdigit()]
        return sorted(names, key=lambda name: (name != self.current, -_version(name), name))

    def signed(self, name: str) -> Signed | None:
        """What the release `name` consists of; None where that cannot be read any more."""
        try:
            return Signed.model_validate_json((self.path / name / SIGNED).read_bytes())
        except (OSError, ValidationError):
            return None

    def fault(self, name: str) -> str:
        """What of the release `name` is no longer as it was signed; "" for nothing. Reads every byte of it."""
        signed = self.signed(name)
        if signed is None:
            return f"the list of what release {name} consists of cannot be read"
        for file, expected in {**signed.files, INDEX: signed.index}.items():
            try:
                if not expected.fits((self.path / name / file).read_bytes()):
                    return f"{file} of release {name} is damaged"
            except OSError as error:
                return f"{file} of release {name} cannot be read ({error.strerror})"
        return ""

    # what changes

    def begin(self) -> Path:
        """An empty folder to build a release in."""
        self._part.mkdir()
        return self._part

    def install(self, version: int, files: Mapping[str, FileHash]) -> str:
        """Make what was built durable, then use it; the name it got. Raises OSError: nothing has changed then."""
        index = (self._part / INDEX).read_bytes()
        made = FileHash(length=len(index), sha256=hashlib.sha256(index).hexdigest())
        signed = Signed(files=dict(files), index=made)
        (self._part / SIGNED).write_text(signed.model_dump_json(), "utf-8")
        _sync_all(self._part)
        name = self._free_name(version)
        self._part.rename(self.path / name)
        sync(self.path)
        self.use(name)
        self._forget()
        return name

    def use(self, name: str) -> None:
        """Change the link to the release `name`."""
        link = self.path / "next"
        link.symlink_to(name)
        link.rename(self._link)
        sync(self.path)

    def _free_name(self, version: int) -> str:
        """A release that is put in place of a damaged one of the same number has a name of its own."""
        taken = {path.name for path in self.path.iterdir()}
        names = [str(version), *(f"{version}.{number}" for number in range(1, len(taken) + 2))]
        return next(name for name in names if name not in taken)

    def _forget(self) -> None:
        """Remove what nobody falls back to: a damaged one of the same number, and the oldest."""
        current, *others = self.names()
        for name in others:
            if _version(name) == _version(current):
                shutil.rmtree(self.path / name)
        for name in self.names()[KEPT:]:
            shutil.rmtree(self.path / name)

    def tidy(self) -> None:
        """Remove what was not finished."""
        shutil.rmtree(self._part, ignore_errors=True)
        (self.path / "next").unlink(missing_ok=True)


def _version(name: str) -> int:
    return int(name.partition(".")[0])


class Metadata:
    """What TUF has seen, in `folder`: brought to the disk, so that a power cut is no way back either."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self._kept = self._files()

    def keep(self) -> None:
        """Bring what is new to the disk. python-tuf writes each file anew and renames it, but does not sync it."""
        files = self._files()
        new = [path for path, number in files.items() if self._kept.get(path) != number]
        for path in [*new, *{path.parent for path in new}]:
            sync(path)
        self._kept = files

    def ours(self) -> None:
        """What is there now was written by ourselves: the trusted root of enrolment."""
        self._kept = self._files()

    def _files(self) -> dict[Path, int]:
        folders = [folder for folder in (self.folder, self.folder / "root_history") if folder.is_dir()]
        entries = [entry for folder in folders for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
        return {Path(entry.path): entry.inode() for entry in entries}


def _sync_all(folder: Path) -> None:
    """Everything below `folder` to the disk. Raises OSError.

    syncfs(2) brings the whole file system there at once: 2,000 files one by one take ten times as long.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if _LIBC.syncfs(descriptor) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(descriptor)
