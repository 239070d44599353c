"""What scanning makes of a set of `photographed_pages`: corner errors, found, rightly and wrongly refused."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.photographed_pages import Photograph
from kiosk.documents.page_detection import clockwise, find_page
from kiosk.documents.pictures import Corners
from kiosk.documents.scan_results import ScanRefused
from kiosk.documents.scanned_page import scan

#: A page counts as found where its corners lie, on the mean, within this part of its diagonal.
FOUND_WITHIN = 0.02


@dataclass
class PageSet:
    """Counts over a set. Errors are of the pages found, in pixels at 8 megapixels and as parts of the diagonal."""

    pixels: list[float] = field(default_factory=list)
    parts: list[float] = field(default_factory=list)
    pages: int = 0
    good: int = 0
    faulty: int = 0
    taken: int = 0
    refused_rightly: int = 0
    #: scene, said, wanted
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def found_rate(self) -> float:
        """Of the pages that lie there whole and sharp."""
        return len(self.pixels) / self.pages

    def line(self) -> str:
        """For a person."""
        return (
            f"corners {np.mean(self.pixels):.2f} px mean, {max(self.pixels):.1f} px worst,"
            f" {np.mean(self.parts):.4%} of the diagonal; found {len(self.pixels)}/{self.pages};"
            f" taken {self.taken}/{self.good}; refused with the right reason {self.refused_rightly}/{self.faulty}"
        )


def corner_error(found: Corners, true: Corners) -> float:
    """Mean distance of the four corners in pixels, whichever corner is called the first."""
    ordered = clockwise(true)
    return min(float(np.linalg.norm(np.roll(found, turn, axis=0) - ordered, axis=1).mean()) for turn in range(4))


def measured(photographs: Iterable[Photograph]) -> PageSet:
    """Scan every one of them."""
    seen = PageSet()
    for photo in photographs:
        result = scan(photo.picture)
        said = result.reason if isinstance(result, ScanRefused) else ""
        if photo.reason in ("", "glare", "empty") and photo.corners is not None:
            seen.pages += 1
            found = find_page(photo.picture)
            diagonal = math.dist(photo.corners[0], photo.corners[2])
            error = math.inf if found is None else corner_error(found, photo.corners)
            if error < FOUND_WITHIN * diagonal:
                seen.pixels.append(error)
                seen.parts.append(error / diagonal)
            else:
                seen.wrong.append((photo.scene, f"corners off by {error:.0f} px", ""))
        if photo.reason:
            seen.faulty += 1
            seen.refused_rightly += said == photo.reason
        else:
            seen.good += 1
            seen.taken += not said
        if said != photo.reason:
            seen.wrong.append((photo.scene, said or "taken", photo.reason or "taken"))
    return seen
