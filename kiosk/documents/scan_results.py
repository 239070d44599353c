"""What a scan gives: a page and how it looks, or the reason why there is none. Loads no OpenCV."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from contract.codes import ColourMode

__all__ = [
    "EVERYWHERE", "FAULTS", "REASONS", "ColourMode", "Fault", "Place", "Quality", "ScanRefused", "ScannedPage",
    "faults_from_json", "quality_from_json",
]  # fmt: skip

#: Faults of a page that is there, the first to put right first.
FAULTS = ("cut-off", "dark", "finger", "glare", "empty", "blurred")
#: Everything that can stand between a citizen and a scanned page; each has words of its own on the screen.
REASONS = ("no-page", *FAULTS, "camera-gone", "camera-frozen", "worker-died")


@dataclass(frozen=True)
class Place:
    """A rectangle in a picture, in parts of its width and height: 0, 0 is its top left, 1, 1 its bottom right."""

    left: float
    top: float
    right: float
    bottom: float


#: The whole of a picture.
EVERYWHERE = Place(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a page: a code of `FAULTS`, and where in the camera's picture."""

    code: str
    place: Place


@dataclass(frozen=True)
class Quality:
    """How a page looks. `sharp` is how steep the edges of its print are (see `quality.sharpness`)."""

    sharp: float
    faults: tuple[Fault, ...] = ()

    @property
    def reason(self) -> str:
        """The first thing to put right, a code of `FAULTS`, or "" where the page will do."""
        return next((code for code in FAULTS if self.has(code)), "")

    def has(self, code: str) -> bool:
        """Whether `code` is one of the faults."""
        return any(fault.code == code for fault in self.faults)

    def as_json(self) -> dict[str, Any]:
        """For a message or a command's answer; `quality_from_json` reads it."""
        return asdict(self)


def quality_from_json(value: dict[str, Any]) -> Quality:
    """What `Quality.as_json` gave."""
    return Quality(value["sharp"], faults_from_json(value["faults"]))


def faults_from_json(values: list[dict[str, Any]]) -> tuple[Fault, ...]:
    """Faults as `dataclasses.asdict` gave them."""
    return tuple(Fault(fault["code"], Place(**fault["place"])) for fault in values)


@dataclass(frozen=True)
class ScannedPage:
    """A page straightened and cleaned, of at most 200 dpi of A4.

    `picture` is a JPEG, or, black and white, a PNG of one bit a pixel. `turned` says how often the citizen turned
    it by a quarter, clockwise: the picture stays as it is, the PDF shows it turned. A set of pages is a plain list:
    reordered and removed from as any list, until `pdf.pages_to_pdf` makes it one document. `side` tells front and
    back of one sheet apart where the material asks for both: "front", "back" or "".
    """

    picture: bytes = field(repr=False)
    quality: Quality
    width: int
    height: int
    turned: int = 0
    side: str = ""

    @property
    def media_type(self) -> str:
        """Of `picture`."""
        return "image/png" if self.picture.startswith(b"\x89PNG") else "image/jpeg"


@dataclass(frozen=True)
class ScanRefused:
    """No page was taken; `reason` is one of `REASONS`.

    `faults` say where in `picture` (a JPEG of at most 960 pixels, or nothing) something is wrong.
    """

    reason: str
    faults: tuple[Fault, ...] = field(default=(), compare=False)
    picture: bytes = field(default=b"", repr=False, compare=False)
