"""What a face check tells. No event says how alike two faces are, and none shows a picture in its repr."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["accepted", "unsure", "refused"]

#: What a citizen can be asked for; each has words of its own on the screen.
ACTIONS = ("look", "closer", "back", "one_person", "brighter", "turn_left", "turn_right", "blink")


@dataclass(frozen=True)
class FacePicture:
    """What the camera sees now, mirrored like a mirror: a JPEG at most 640 pixels wide."""

    jpeg: bytes = field(repr=False)


@dataclass(frozen=True)
class FaceAsks:
    """What the citizen shall do now, one of ACTIONS; `done` of `total` proofs of life are given.

    Left and right are the citizen's own: in the mirrored picture the left is on the left. "blink" is met by eyes
    closed for about half a second and opened again.
    """

    action: str
    done: int
    total: int


@dataclass(frozen=True)
class FaceDone:
    """The end of a check. Only "accepted" opens anything.

    reason: "" (accepted) · "not-alike", "other-face" (the face changed between the steps) with "refused" ·
    "unsure" (neither alike nor unlike), "no-liveness" (the time was up), "no-photo" (no face in the card's photo),
    "worker-died" with "unsure", which leads to another way in.
    """

    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class FaceTrouble:
    """The check stands still: "camera-gone", "camera-frozen", "dark", "worker-died". It goes on by itself, from the
    first step, and FaceAsks and FacePicture come again."""

    reason: str


FaceEvent = FacePicture | FaceAsks | FaceDone | FaceTrouble
