"""Every error of documents. A message is a stable reason, never anything of a person."""

from __future__ import annotations


class DocumentError(Exception):
    """The root. `reason` is stable and says in a word or two what is wrong."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TypesettingError(DocumentError):
    """A paper cannot be laid out: its template is wrong ("template"), its code too long for a QR ("code-too-long")."""


class SealError(DocumentError):
    """A document cannot be signed: "no-key" (the device key cannot be read), "no-line" (nothing says where the
    signature goes), "expired" (the terminal's certificate has run out) or "bad-signature" (what came out is wrong).
    """


class CodeError(DocumentError):
    """A certificate's code is not genuine: "not-base45", "not-a-code", "unknown-key", "bad-signature"."""


class PackageError(DocumentError):
    """An archive package is not genuine. `file` is the path in the package it is about, or "".

    "not-a-package" (no ZIP of this layout), "too-large", "unsafe-name", "duplicate", "hidden-bytes" (something stands
    beside the files), "not-signed", "unknown-key", "bad-signature", "missing", "extra", "changed".
    """

    def __init__(self, reason: str, file: str = "") -> None:
        super().__init__(reason)
        self.file = file
