"""What every holder of key-encryption keys can do."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Protocol

#: AES-256
KEY_BYTES = 32


class KeyHolder(Protocol):
    """Holds key-encryption keys of 32 bytes by generation (1, 2, …)."""

    #: as holder.toml and the store name it
    name: str
    #: whether it is good enough for citizens' data
    for_service: bool

    def make(self, generation: int) -> bytes:
        """A fresh key, held durably once this returns; one of the same generation is no more. Raises KeyUnavailable."""

    def load(self, generation: int) -> bytes:
        """The key. Raises KeyGone where there is none any more, KeyUnavailable where it cannot be had now."""

    def destroy(self, generation: int) -> None:
        """Make it irrecoverable; nothing where it is gone already. Raises KeyUnavailable."""


def write_private(path: Path, content: bytes) -> None:
    """`content` at `path` (mode 600), durable, and whole from the moment it can be seen."""
    descriptor, half = tempfile.mkstemp(dir=path.parent)  # made with mode 600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
        sync_folder(path.parent)
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
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
