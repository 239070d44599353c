"""Where the platform keeps what: one folder, private to its owner."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fleet.errors import NotInitialised


@dataclass(frozen=True)
class DataFolder:
    """The paths under `--data DIR`."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "fleet.db"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def pki(self) -> Path:
        return self.root / "pki"

    @property
    def ca_certificate(self) -> Path:
        return self.pki / "ca.crt"

    @property
    def server_certificate(self) -> Path:
        return self.pki / "server.crt"

    @property
    def server_key(self) -> Path:
        return self.keys / "server.key"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def materials(self) -> Path:
        return self.root / "materials"

    @property
    def uploads(self) -> Path:
        return self.root / "uploads"

    @property
    def nginx(self) -> Path:
        return self.root / "nginx"

    @property
    def operator_token(self) -> Path:
        return self.root / "operator.token"

    def opened(self) -> DataFolder:
        """This folder, if `init` has made it.

        Raises NotInitialised otherwise.
        """
        if not self.database.exists():
            raise NotInitialised(self.root)
        return self


def write_private(path: Path, content: bytes) -> None:
    """Write a secret: the file is 0600 from its first byte and appears whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)


def write_public(path: Path, content: bytes) -> None:
    """Write a file others may read; it appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
