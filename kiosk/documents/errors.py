"""Every error of documents. A message is a stable reason, never anything of a person."""

from __future__ import annotations


class DocumentError(Exception):
    """The root. `reason` is stable and says in a word or two what is wrong."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class CertificateError(DocumentError):
    """A certificate cannot be laid out: its template is wrong, or its code too long for a QR."""


class CodeError(DocumentError):
    """A certificate's code is not genuine: "not-base45", "not-a-code", "unknown-key", "bad-signature"."""
