"""What is kept of a person for some minutes is sealed, so that no copy of the database says who was here."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fleet.data_folder import DataFolder, kept_private

_NONCE = 12  # bytes, NIST SP 800-38D


class Cipher:
    """AES-256-GCM under a key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, content: str) -> bytes:
        """`content`, sealed."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content.encode(), None)

    def open(self, sealed: bytes) -> str:
        """What `close` was given. Raises cryptography's InvalidTag for anything else."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()


class Seal(Cipher):
    """AES-256-GCM and HMAC-SHA-256 under one key of the data folder."""

    def __init__(self, folder: DataFolder) -> None:
        self._key = kept_private(folder.keys / "sealing.key", lambda: secrets.token_bytes(32))
        super().__init__(self._derived(b"seal"))

    def keyed_hash(self, purpose: str, text: str) -> str:
        """A hash (hex) nobody without the key can find `text` by: ID numbers and short codes are soon guessed."""
        return hmac.digest(self._derived(purpose.encode()), text.encode(), "sha256").hex()

    def _derived(self, purpose: bytes) -> bytes:
        return hmac.digest(self._key, purpose, "sha256")


def plain_hash(text: str) -> str:
    """SHA-256 (hex), for texts of 128 random bits and more."""
    return hashlib.sha256(text.encode()).hexdigest()
