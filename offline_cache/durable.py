"""Files that are on the disk once a call has returned, and files that are gone from it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """`content` at `path` (mode 600), durable, and whole from the moment it can be seen."""
    descriptor, half = tempfile.mkstemp(dir=path.parent)  # made with mode 600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
        sync(path.parent)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(half)
        raise


def remove_overwritten(path: Path) -> None:
    """Zeros over the file's bytes, then the file away; a flash disk may keep the old ones, which a TPM does not."""
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b", buffering=0) as file:
            file.write(bytes(path.stat().st_size))
            os.fsync(file.fileno())
        path.unlink()
        sync(path.parent)


def sync(path: Path) -> None:
    """A file, or a folder's names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
