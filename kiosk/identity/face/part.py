"""What a face part does: the interface that a certified vendor part fills, named in the site's profile as
"module:attribute" (a class or function without arguments that gives a FacePart).

A part runs in the face check's worker process alone, so one that crashes costs one try. It gets pictures and keeps
none. Everything that is a limit of likeness is the part's own, measured by its maker; nothing outside compares numbers.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.identity.face.events import Outcome

Image = NDArray[np.uint8]  # BGR
Point = tuple[float, float]  # pixels from the picture's left and top


@dataclass(frozen=True)
class Face:
    """One face in a frame. All lengths are pixels of that frame."""

    left: int
    top: int
    width: int
    height: int
    yaw: float = field(repr=False)
    """Degrees, positive towards the person's own left. A part that is in doubt says the smaller angle."""
    frontal: bool = field(repr=False)
    """Whether it looks into the camera, well enough to be compared."""
    eyes: float = field(repr=False)
    """How open the more open eye is, on the part's own scale: 0 is closed. Compared only with the same person's."""
    left_eye: Point = field(repr=False)  # the person's own left
    right_eye: Point = field(repr=False)
    nose: Point = field(repr=False)


@dataclass(frozen=True)
class Step:
    """What liveness wants now. `action` is "turn_left", "turn_right", "blink", or "" when all `done` is done.

    `proof`: this very frame shows the action. It counts only after confirm(), when the face in it is still the same.
    """

    action: str
    done: int
    proof: bool = False


class Liveness(Protocol):
    """The proofs of life of one check, from the first to the last frame."""

    total: int

    def look(self, image: Image, face: Face) -> Step:
        """Look at the next frame in which there is exactly one face, also one in which nothing is asked but to look;
        what it would prove then does not count."""

    def confirm(self) -> Step:
        """The proof just shown counts."""


class FacePart(Protocol):
    """One engine. Called from one thread."""

    def faces(self, image: Image) -> list[Face]:
        """Every face in the picture, the biggest first."""

    def template(self, image: Image, face: Face) -> Any:
        """What can be compared of a face; opaque, and never written anywhere."""

    def compare(self, one: Any, other: Any) -> Outcome:
        """Whether two templates are of one person, by the part's own limits."""

    def liveness(self) -> Liveness:
        """A new proof of life. A part without its own returns kiosk.identity.face.liveness.ActiveLiveness()."""


def load_part(name: str) -> FacePart:
    """The part of this name; "" is ours. Raises whatever importing or making it raises."""
    if not name:
        from kiosk.identity.face.dlib_part import DlibPart

        return DlibPart()
    module, _, attribute = name.partition(":")
    made: FacePart = getattr(importlib.import_module(module), attribute)()
    return made
