"""Pages from the document scanner: what it saw is made a page in a process of its own, which may die without harm."""

from __future__ import annotations

from kiosk import worker_process
from kiosk.documents.scan_results import ColourMode, ScannedPage, ScanRefused, quality_from_json

#: Everything that can be wrong with a page; each has words of its own on the screen.
REASONS = ("no-page", "cut-off", "empty", "blurred", "worker-died")
#: seconds the work on a page may take: A4 at 200 dpi takes about one
PATIENCE = 15.0


def page_of(
    jpeg: bytes, dpi: int, fed: bool, mode: ColourMode = ColourMode.COLOUR, patience: float = PATIENCE
) -> ScannedPage | ScanRefused:
    """The page in a scanner's picture of `dpi` dots an inch; `fed`: it came through the feeder.

    Waits at most `patience` seconds; call it outside the screen's thread. A worker that dies or hangs costs this one
    page ("worker-died"); a page that is refused has one of `REASONS`.
    """
    asked = {"kind": "scan", "dpi": dpi, "fed": fed, "mode": mode}
    answer = worker_process.answer("kiosk.documents.scanner_worker", asked, jpeg, patience)
    if answer is None:
        return ScanRefused("worker-died")
    header, picture = answer
    if header.get("kind") == "page":
        return ScannedPage(picture, quality_from_json(header["quality"]), header["width"], header["height"])
    reason = header.get("reason")
    return ScanRefused(reason if reason in REASONS else "worker-died")
