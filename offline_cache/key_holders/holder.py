"""What every holder of key-encryption keys can do."""

from __future__ import annotations

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
