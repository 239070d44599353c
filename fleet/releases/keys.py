"""The keys of the TUF roles, one file each."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives import serialization
from securesystemslib.signer import CryptoSigner

from fleet.data_folder import write_private

TOP_ROLES = ("root", "targets", "snapshot", "timestamp")


def department_role(dept_code: str) -> str:
    """The delegated role that signs one department's targets."""
    return f"dept-{dept_code}"


class RoleKeys:
    """Ed25519 keys under `folder`, made when a role first signs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._signers: dict[str, CryptoSigner] = {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The only one who signs: a renewal that overlaps a release would sign the old one over the new one."""
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def signer(self, role: str) -> CryptoSigner:
        """The signer of `role`."""
        if role not in self._signers:
            path = self._folder / f"{quote(role, safe='')}.pem"
            if not path.exists():
                write_private(path, CryptoSigner.generate_ed25519().private_bytes)
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
            self._signers[role] = CryptoSigner(key)
        return self._signers[role]
