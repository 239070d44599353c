"""Envelope encryption (AES-256-GCM): one data key a visit, wrapped by the terminal's key-encryption key.

Shredding the wrapped key makes everything of that visit unreadable at once.
"""

from __future__ import annotations

import contextlib
import hmac
import logging
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from offline_cache.errors import Unreadable

log = logging.getLogger(__name__)

#: GCM's recommended nonce, NIST SP 800-38D 5.2.1.1
NONCE_BYTES = 12


class DataKey:
    """The key of one visit. `seal` and `open` bind each record to its name."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, name: str) -> bytes:
        """`plain` encrypted; opens only under the same `name`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """The plain bytes. Raises Unreadable."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):  # ValueError: cut shorter than its nonce
            raise Unreadable("a sealed record does not open") from None

    def __repr__(self) -> str:
        return "DataKey(…)"


def _write_key(path: Path) -> None:
    """A fresh key at `path`, whole from the moment it can be seen; the first of several writers wins."""
    descriptor, half = tempfile.mkstemp(dir=path.parent)  # made with mode 600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(half, path)
    finally:
        os.unlink(half)


class Vault:
    """Makes and unwraps data keys with the key-encryption key in `folder`.

    The key is a file (mode 600): development only, and it says so in the log. A TPM or systemd-creds takes its place.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "development.kek"
        if not path.exists():
            _write_key(path)
        log.warning("the key-encryption key is a file: for development only")
        key = path.read_bytes()
        self._wrapping = DataKey(key)
        self._hashing = HKDF(hashes.SHA256(), 32, None, b"bianmin attempts").derive(key)

    def keyed_hash(self, text: str) -> str:
        """The same for the same text on this terminal, and meaningless to whoever has not its key."""
        return hmac.new(self._hashing, text.encode(), "sha256").hexdigest()

    def new_key(self, visit: str) -> tuple[DataKey, bytes]:
        """A fresh data key and the same key wrapped for keeping."""
        key = os.urandom(32)
        return DataKey(key), self._wrapping.seal(key, visit)

    def unwrap(self, wrapped: bytes, visit: str) -> DataKey:
        """The data key again. Raises Unreadable."""
        return DataKey(self._wrapping.open(wrapped, visit))
