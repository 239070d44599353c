"""Finished documents of cases, fetched from the platform. A citizen waits for them: the call has a limit."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from contract.certificates import LARGEST_DOCUMENT, FinishedDocument
from offline_cache.errors import Busy
from offline_cache.platform import Platform

#: seconds for the whole document: 8 MB over a line of 4 Mbit/s
ANSWER_SECONDS = 20.0


class DocumentService:
    """The documents of this terminal's cases on the fleet server. Every call raises PlatformError."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def fetch(self, case_id: UUID, about: FinishedDocument) -> bytes:
        """The bytes the case's answer spoke of. Raises Busy where length or hash are others."""
        path = f"/api/v1/cases/{case_id}/document"
        content = self._platform.call("GET", path, b"", ANSWER_SECONDS, largest=LARGEST_DOCUMENT).content
        return announced(content, about.size, about.sha256)


def announced(content: bytes, size: int, sha256: str) -> bytes:
    """`content`, which has this length and hash (hex). Raises Busy for any other."""
    digest = hashlib.sha256(content).hexdigest()
    if len(content) != size or not hmac.compare_digest(digest, sha256):
        raise Busy("a document that is not the one it was said to be")
    return content
