"""What a scan gives: a page and how it looks, or the reason why there is none. Loads no OpenCV."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Everything that can stand between a citizen and a scanned page; each has words of its own on the screen.
REASONS = (
    "no-page",
    "blurred",
    "glare",
    "cut-off",
    "dark",
    "camera-gone",
    "camera-frozen",
    "worker-died",
)


@dataclass(frozen=True)
class Quality:
    """How a page looks. `sharp` is the Laplacian variance of the straightened page at 1400 pixels."""

    sharp: float
    blurred: bool
    glare: bool
    cut_off: bool
    dark: bool

    @property
    def reason(self) -> str:
        """The first thing to put right ("cut-off", "dark", "glare", "blurred"), or "" where the page will do."""
        faults = (("cut-off", self.cut_off), ("dark", self.dark), ("glare", self.glare), ("blurred", self.blurred))
        return next((code for code, wrong in faults if wrong), "")


@dataclass(frozen=True)
class ScannedPage:
    """A page straightened and cleaned, as JPEG of at most 200 dpi of A4."""

    jpeg: bytes = field(repr=False)
    quality: Quality
    width: int
    height: int


@dataclass(frozen=True)
class ScanRefused:
    """No page was taken; `reason` is one of `REASONS`."""

    reason: str
