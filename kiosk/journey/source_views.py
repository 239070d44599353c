"""What the citizen sees where a paper does not come from the camera: phone, USB stick, document scanner.

As in `kiosk.journey.views`, texts are in the visit's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kiosk.journey.views import View


@dataclass(frozen=True)
class PhoneUploadView(View):
    """The address for the phone that sends a material's pages, as a QR code: `code`.

    `state`: asking (the platform is asked for it), waiting (`seconds` it is still good for), opened (the phone has the
    page), fetching, over (nothing could be taken: `problem` says why, and the forward button asks for another code).
    """

    title: str = ""
    state: Literal["asking", "waiting", "opened", "fetching", "over"] = "asking"
    code: str = field(default="", repr=False)
    seconds: int = 0
    problem: str = ""


@dataclass(frozen=True)
class StickRow:
    """A file of the stick: its name made safe to show, and what it is ("PDF · 1.2 MB")."""

    name: str
    line: str
    chosen: bool = False


@dataclass(frozen=True)
class StickView(View):
    """The citizen's USB stick. `state`: waiting (none is in), listing, choosing, fetching."""

    title: str = ""
    state: Literal["waiting", "listing", "choosing", "fetching"] = "waiting"
    files: tuple[StickRow, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class ScannerWay:
    """One way to lay a paper into the scanner: `id` is the driver's name of the source."""

    id: str
    label: str
    line: str
    chosen: bool = False


ScannerState = Literal["looking", "ready", "scanning", "stopping", "away"]


@dataclass(frozen=True)
class ScannerView(View):
    """The document scanner. `ways` to choose from, and `help`: what to do for the chosen one.

    `state`: looking (what it can do), ready (the forward button begins), scanning, stopping (`message` says how far it
    is), away (it cannot be used now; the forward button looks again). `pages` (small JPEGs) have come since the page
    was opened, `count` says how many; `good` is what went well, `problem` what did not and what to do next.
    """

    title: str = ""
    state: ScannerState = "looking"
    ways: tuple[ScannerWay, ...] = ()
    help: str = ""
    message: str = ""
    pages: tuple[bytes, ...] = field(default=(), repr=False)
    count: str = ""
    good: str = ""
    problem: str = ""
