"""Active liveness: two of "turn left", "turn right" and "close the eyes", in an order that nobody knows before.

This is no certified liveness (ISO/IEC 30107-3, GB/T 41772). One photograph cannot pass: a turn must show the depth of
a head, and closed eyes must come and go in a face that else stays as it was. (A strip as narrow as the eyes, drawn over
those of a photograph, may look like lids; every check has at least one turn.) A film of the holder on a screen that
happens to do the right thing, a mask, or a face drawn over another can pass.
"""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.identity.face.part import Face, Image, Step

ACTIONS = ("turn_left", "turn_right", "blink")
HOW_MANY = 2
#: Degrees of a turn, as the part tells them cautiously; people asked to turn their head turn it by 20 to 40.
TURNED = 13.0
#: Frames in a row that must show a turn: one may be a landmark gone astray.
TURNED_FRAMES = 2
#: A turned head is no flat picture of itself: the frontal face, laid over the turned one as well as a flat picture
#: could be, fits no better than this (correlation). Measured on drawn heads: 0.75 to 0.91 at 16 to 20 degrees, 0.56 to
#: 0.84 at 25 and more; photographs of them, held at any angle, 0.97 and more.
FLAT = 0.9
#: Eyes are closed below this part of the person's own open eyes, and open again above that part.
CLOSED, OPEN = 0.55, 0.75
#: Frames from which a person's own open eyes are known.
EYES_FRAMES = 2
#: The face around the eyes must stay as it was while they close (normalised correlation); a hand or a paper drawn over
#: a photograph changes it.
SAME_AROUND = 0.75
#: A tilted photograph gets lower: from the eyes to the nose, by the distance of the eyes, at most so much change.
SAME_HEIGHT = 0.12
_SIDE = 64
_FLAT_SIDE = 96
_EVERYWHERE = np.full((_FLAT_SIDE, _FLAT_SIDE), 255, np.uint8)
_ENOUGH = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 50, 1e-4)


class ActiveLiveness:
    """See part.Liveness."""

    total = HOW_MANY

    def __init__(self, actions: list[str] | None = None) -> None:
        """`actions` for the tests; else drawn at random."""
        self._actions = actions or random.SystemRandom().sample(ACTIONS, HOW_MANY)
        self.total = len(self._actions)
        self._done = 0
        self._turned = 0
        self._open: list[float] = []
        self._front: NDArray[np.uint8] | None = None
        self._around: NDArray[np.float32] | None = None
        self._height = 0.0
        self._closed = False

    def look(self, image: Image, face: Face) -> Step:
        """See part.Liveness."""
        action = self._action()
        if action == "blink":
            proof = self._blink(image, face)
        else:
            wanted = face.yaw if action == "turn_left" else -face.yaw
            turned = action and wanted >= TURNED and not self._flat(image, face)
            self._turned = self._turned + 1 if turned else 0
            proof = self._turned >= TURNED_FRAMES
        if face.frontal:
            self._remember(image, face)
        return Step(self._action(), self._done, proof)

    def confirm(self) -> Step:
        """See part.Liveness."""
        if self._action() == "blink":
            self._closed = True  # it counts when they open again
        else:
            self._next()
        return Step(self._action(), self._done)

    def _action(self) -> str:
        return self._actions[self._done] if self._done < self.total else ""

    def _next(self) -> None:
        self._done += 1
        self._turned, self._closed = 0, False

    def _usual(self) -> float:
        return float(np.median(self._open))

    def _remember(self, image: Image, face: Face) -> None:
        """How this face looks with open eyes; they may have been half closed at first."""
        if len(self._open) < EYES_FRAMES or face.eyes > OPEN * self._usual():
            self._open = [*self._open[-20:], face.eyes]
            self._around, self._height = _around_eyes(image, face), _height(face)
            self._front = _laid_out(image, face)

    def _flat(self, image: Image, face: Face) -> bool:
        """Whether this frame may be the frontal face as a flat picture, held at an angle."""
        return self._front is None or likeness_as_flat(self._front, _laid_out(image, face)) > FLAT

    def _blink(self, image: Image, face: Face) -> bool:
        """Whether this frame shows closed eyes in an unchanged face."""
        if self._around is None or len(self._open) < EYES_FRAMES or not face.frontal:
            return False
        if self._closed:
            if face.eyes > OPEN * self._usual():
                self._next()
            return False
        return (
            face.eyes < CLOSED * self._usual()
            and float((self._around * _around_eyes(image, face)).mean()) > SAME_AROUND
            and abs(_height(face) / self._height - 1) < SAME_HEIGHT
        )


def _height(face: Face) -> float:
    """From the line of the eyes to the nose, by the distance of the eyes."""
    left, right, nose = (np.array(point) for point in (face.left_eye, face.right_eye, face.nose))
    across = left - right
    size = float(np.hypot(*across)) or 1.0
    return abs(float(across[0] * (nose - right)[1] - across[1] * (nose - right)[0])) / size**2


def _around_eyes(image: Image, face: Face) -> NDArray[np.float32]:
    """The face laid out by its eyes, without them: mean 0, variance 1."""
    right, left = np.array(face.right_eye, np.float32), np.array(face.left_eye, np.float32)
    across = left - right
    down = np.array([-across[1], across[0]], np.float32)
    here = np.array([right, left, right + down], np.float32)
    there = np.array([[0.25, 0.3], [0.75, 0.3], [0.25, 0.8]], np.float32) * _SIDE
    flat = cv2.warpAffine(image, cv2.getAffineTransform(here, there), (_SIDE, _SIDE), flags=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY), (0, 0), 1.2).astype(np.float32)
    kept = np.concatenate([grey[: int(0.16 * _SIDE)].ravel(), grey[int(0.44 * _SIDE) :].ravel()])
    result: NDArray[np.float32] = (kept - kept.mean()) / max(float(kept.std()), 1.0)
    return result


def _laid_out(image: Image, face: Face) -> NDArray[np.uint8]:
    """The inner face, grey, laid out by the eyes and the nose as far as that goes without perspective."""
    here = np.array([face.right_eye, face.left_eye, face.nose], np.float32)
    there = np.array([[0.28, 0.30], [0.72, 0.30], [0.50, 0.62]], np.float32) * _FLAT_SIDE
    flat = cv2.warpAffine(image, cv2.getAffineTransform(here, there), (_FLAT_SIDE, _FLAT_SIDE), flags=cv2.INTER_AREA)
    return cv2.GaussianBlur(cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY), (0, 0), 1.5).astype(np.uint8)


def likeness_as_flat(front: NDArray[np.uint8], turned: NDArray[np.uint8]) -> float:
    """The correlation of two faces after the best perspective that lays one over the other: 1 is a flat picture.

    About 25 ms. From several beginnings, since a landmark gone astray must not make a photograph look deep.
    """
    best = 0.0
    soft = [cv2.GaussianBlur(face, (0, 0), 3) for face in (front, turned)]
    for scale in (1.0, 0.85, 1.18):
        first = np.array([[1, 0, 0], [0, scale, (1 - scale) * 0.3 * _FLAT_SIDE]], np.float32)
        try:
            _, affine = cv2.findTransformECC(soft[0], soft[1], first, cv2.MOTION_AFFINE, _ENOUGH, _EVERYWHERE, 1)
            start = np.vstack([affine, [0, 0, 1]]).astype(np.float32)
            found, _ = cv2.findTransformECC(front, turned, start, cv2.MOTION_HOMOGRAPHY, _ENOUGH, _EVERYWHERE, 1)
            best = max(best, float(found))
        except cv2.error:  # these do not come to lie over each other from here
            continue
        if best > FLAT:
            break
    return best
