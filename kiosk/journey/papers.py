"""Papers and what is shown of them, as data: parts of the pages after submitting and saving."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Paper:
    """A paper that comes out: the receipt or the certificate, and the truth about it."""

    id: str
    name: str
    line: str
    badge: str
    state: Literal["waiting", "printing", "printed", "uncertain", "failed", "held"]
    #: it surely did not come out, and may be tried once more
    again: bool = False
    #: what that means: its file did not come, or the citizen wanted no paper
    again_means: Literal["print_again", "fetch_again", "print_now"] = "print_again"


@dataclass(frozen=True)
class CertificateView:
    """What is printed, as a JPEG of its first page under `title`, and whose seal it bears (`seal`, "" for none).

    With `address` nothing is printed: a phone that scans it gets the file, or the text itself. `seconds` until it is
    printed, in which the citizen may say no; None where that is decided.
    """

    title: str
    picture: bytes = field(default=b"", repr=False)
    seal: str = ""
    address: str = field(default="", repr=False)
    seconds: int | None = None


@dataclass(frozen=True)
class ReceiptView:
    """The receipt that did not come out, as it would stand on the paper: label and value, or "" and a sentence."""

    title: str
    rows: tuple[tuple[str, str], ...] = field(repr=False)
