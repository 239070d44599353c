"""The key in the QR code with which a phone sends pages to a terminal: 256 random bits, drawn by the terminal.

HKDF (RFC 5869) makes of it a name, by which the platform finds the ticket, and a key, under which what the phone sends
is sealed. The platform learns the key itself only while a phone asks for its page, and keeps neither.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: what the address in the QR code ends with, before the key
QUERY = "?k="
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
_NONCE = 12  # bytes, NIST SP 800-38D


class DoesNotOpen(ValueError):
    """Sealed under another key, or as another file, or broken. Quotes nothing."""


@dataclass(frozen=True)
class UploadKey:
    """What the QR code is good for. `lookup` (64 hex digits) is the name at the platform."""

    text: str = field(repr=False)
    lookup: str
    _key: bytes = field(repr=False)

    @classmethod
    def new(cls) -> UploadKey:
        """One nobody has yet."""
        return cls._of(secrets.token_urlsafe(32))

    @classmethod
    def read(cls, text: str) -> UploadKey | None:
        """The key as an address has it; None for what is none."""
        return cls._of(text) if _SHAPE.fullmatch(text) else None

    @classmethod
    def _of(cls, text: str) -> UploadKey:
        name, key = (
            HKDF(hashes.SHA256(), 32, salt=None, info=b"bianmin upload " + use).derive(text.encode())
            for use in (b"lookup", b"key")
        )
        return cls(text, name.hex(), key)

    def seal(self, content: bytes, number: int) -> bytes:
        """The file `number` (from 0), to be opened with this key only (AES-256-GCM)."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, content, str(number).encode())

    def open(self, sealed: bytes, number: int) -> bytes:
        """What was sealed as the file `number`. Raises DoesNotOpen."""
        try:
            return AESGCM(self._key).decrypt(sealed[:_NONCE], sealed[_NONCE:], str(number).encode())
        except (InvalidTag, ValueError):  # ValueError: cut shorter than its nonce
            raise DoesNotOpen("a file from a phone does not open") from None
