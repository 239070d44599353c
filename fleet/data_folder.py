"""Where the platform keeps what: one folder, private to its owner."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from fleet.errors import NotInitialised


class DataFolder:
    """The paths under `--data DIR`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = root / "fleet.db"
        self.keys = root / "keys"
        self.server_key = self.keys / "server.key"
        self.pki = root / "pki"
        self.ca_certificate = self.pki / "ca.crt"
        self.server_certificate = self.pki / "server.crt"
        self.releases = root / "releases"
        self.resources = root / "resources"
        self.materials = root / "materials"
        self.uploads = root / "uploads"
        self.documents = root / "documents"
        #: certificates (PEM) of those whose seals the next release tells terminals to believe
        self.seal_authorities = root / "seal-authorities"
        self.nginx = root / "nginx"
        self.operator_token = root / "operator.token"
        self.connectors = root / "connectors.toml"

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


def kept_private(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret in `path`; the first time it is made, and of two processes that make it both get the same."""
    if not path.exists():
        mine = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        write_private(mine, make())
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_bytes()


def write_public(path: Path, content: bytes) -> None:
    """Write a file others may read; it appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
