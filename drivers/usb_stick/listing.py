"""The files of a stick that may be taken. A stick is strange ground: no link is followed, and every walk has an end."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

#: how deep folders are looked into, how many names are looked at, and how many files are listed
DEEPEST, MOST_NAMES, MOST_FILES = 5, 5000, 100
#: bytes of a file that is listed
LARGEST = 10 * 1024 * 1024
#: characters of a name that is shown
LONGEST_NAME = 60
#: by content, never by name: ISO 32000-2, ISO/IEC 10918-1, ISO/IEC 15948
SIGNATURES = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class StickFile:
    """A file: `name` as it may be shown, `kind` pdf, jpeg or png, `size` in bytes."""

    name: str
    kind: str
    size: int
    #: where it is: names from the stick's root, and what it was when it was listed
    path: tuple[str, ...] = field(repr=False)
    identity: tuple[int, int, int] = field(repr=False)


def listed(root: str) -> list[StickFile]:
    """The files that may be taken, sorted by folder and name. Raises OSError where the root cannot be read."""
    found: list[StickFile] = []
    left = MOST_NAMES
    waiting: list[tuple[str, ...]] = [()]
    while waiting and left > 0 and len(found) < MOST_FILES:
        path = waiting.pop(0)
        try:
            with _folder(root, path) as folder:
                names = sorted(os.listdir(folder))[:left]
                left -= len(names)
                for name in names:
                    kind = _look(folder, name)
                    if kind is None and len(path) + 1 < DEEPEST:
                        waiting.append((*path, name))
                    elif kind is not None and kind[0] and len(found) < MOST_FILES:
                        found.append(StickFile(shown(name), kind[0], kind[1][2], (*path, name), kind[1]))
        except OSError:
            if not path:
                raise
    return found


def read(root: str, file: StickFile) -> bytes | None:
    """The bytes of a file, if it still is what was listed; None otherwise. Raises OSError."""
    with _folder(root, file.path[:-1]) as folder:
        handle = os.open(file.path[-1], _FILE, dir_fd=folder)
        with os.fdopen(handle, "rb") as opened:
            if _identity(os.fstat(handle)) != file.identity:
                return None
            content = opened.read(LARGEST + 1)
    return content if len(content) == file.size else None


def shown(name: str) -> str:
    """A name without what could deceive on a screen: control and direction characters, and more than fits."""
    kept = "".join("?" if unicodedata.category(each)[0] in "CZ" and each != " " else each for each in name)
    return kept if len(kept) <= LONGEST_NAME else f"{kept[: LONGEST_NAME - 12]}…{kept[-11:]}"


@contextmanager
def _folder(root: str, path: tuple[str, ...]) -> Iterator[int]:
    """A folder, reached step by step so that no link is followed anywhere on the way."""
    handle = os.open(root, _FOLDER)
    try:
        for name in path:
            inner = os.open(name, _FOLDER, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _look(folder: int, name: str) -> tuple[str, tuple[int, int, int]] | None:
    """Kind ("" for what is not taken) and identity of a file; None for a folder."""
    nothing = ("", (0, 0, 0))
    try:
        about = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISDIR(about.st_mode):
            return None if not name.startswith(".") else nothing
        if not stat.S_ISREG(about.st_mode) or name.startswith(".") or not 0 < about.st_size <= LARGEST:
            return nothing
        handle = os.open(name, _FILE, dir_fd=folder)
        with os.fdopen(handle, "rb") as opened:
            start, identity = opened.read(8), _identity(os.fstat(handle))
    except OSError:
        return nothing
    return next((kind for signature, kind in SIGNATURES.items() if start.startswith(signature)), ""), identity


def _identity(about: os.stat_result) -> tuple[int, int, int]:
    return (about.st_dev, about.st_ino, about.st_size)
