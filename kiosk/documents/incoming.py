"""Files that somebody brings (phone, USB stick): opened in a process of its own, made anew, or refused with the reason.

Nothing of such a file is believed: what is kept are fresh JPEGs, of a picture's pixels or of a PDF's pages as drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from kiosk import worker_process

#: Everything that can be wrong with a file; each has words of its own on the screen.
REASONS = (
    "kind",
    "too-large",
    "broken",
    "too-many-pixels",
    "too-small",
    "encrypted",
    "active",
    "too-many-pages",
    "worker-died",
)
#: bytes of a file that is opened
LARGEST = 10 * 1024 * 1024
#: seconds a file may take: a picture of 50 megapixels takes about two
PATIENCE = 20.0


@dataclass(frozen=True)
class Incoming:
    """A clean file: its pages as JPEGs."""

    pages: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True)
class IncomingRefused:
    """One of `REASONS`."""

    reason: str


def take_in(content: bytes, most_pages: int, patience: float = PATIENCE) -> Incoming | IncomingRefused:
    """Check and make anew. Waits at most `patience` seconds; call it outside the screen's thread.

    A worker that dies or hangs over a file costs this one file ("worker-died").
    """
    if len(content) > LARGEST:
        return IncomingRefused("too-large")
    asked = {"kind": "file", "most_pages": most_pages}
    answer = worker_process.answer("kiosk.documents.incoming_worker", asked, content, patience)
    if answer is None:
        return IncomingRefused("worker-died")
    header, made = answer
    if header.get("kind") == "refused" and header.get("reason") in REASONS:
        return IncomingRefused(header["reason"])
    if header.get("kind") != "taken":
        return IncomingRefused("worker-died")
    ends = list(accumulate(header["sizes"], initial=0))
    return Incoming(tuple(made[start:end] for start, end in pairwise(ends)))
