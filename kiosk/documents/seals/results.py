"""What is found out about a sealed document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["pdf", "ofd"]

#: Why a document is refused; each has its words under [seal] of the catalogue.
Reason = Literal[
    "not-a-document",  # neither PDF nor OFD, cut off, or built to harm: bombs, traversal, entries twice
    "no-seal",
    "unsupported",  # a way of sealing this software cannot check; never taken for a good one
    "unknown-signer",  # no chain to the release's trust list
    "not-valid-then",  # certificate or seal was not valid when it was set
    "no-time",
    "in-future",
    "changed",  # the content is not what was sealed, or was changed afterwards
    "broken-seal",  # the signature itself, or what belongs to it, does not verify
    "no-trust-list",  # the release names no authority for this kind
    "too-large",
    "not-this-file",  # length or hash differ from what the platform said
    "worker-died",
]


class Refusal(Exception):
    """Raised inside the worker, where checking ends; the terminal gets a SealRefused."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        """`detail` is for technicians and never holds anything of the document's text."""
        self.reason: Reason = reason
        self.detail = detail
        super().__init__(reason)


@dataclass(frozen=True)
class SealRefused:
    """The document must not be used."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True)
class Seal:
    """One seal that verified. `signed_at` is the signer's own claim unless `timestamped`."""

    signer: str
    issuer: str
    signed_at: datetime
    timestamped: bool
    #: "document": every byte; "document-before-maintenance": all but what keeps the seal checkable later
    covers: Literal["document", "document-before-maintenance"]


@dataclass(frozen=True, repr=False)
class Checked:
    """A document whose every seal verified.

    `printable` is the PDF for the printer; b"" where a page cannot be drawn faithfully, then `unprintable` says what
    stands on it. `preview` is a JPEG of the first page, b"" where nothing can be printed. `text` is what the document
    says, without spaces, for comparing its holder.
    """

    kind: Kind
    seals: tuple[Seal, ...]
    pages: int
    text: str = ""
    printable: bytes = b""
    preview: bytes = b""
    unprintable: str = ""
    milliseconds: float = field(default=0.0, compare=False)

    def __repr__(self) -> str:
        return f"Checked({self.kind}, {len(self.seals)} seals, {self.pages} pages)"
