"""The course of one check, frame by frame: look, prove life, look again, and each time be the same person.

    look into the camera · first action · look · second action · look

A frontal frame of each look is compared with the card's photo, and the middle one of the three outcomes is the answer.
Whoever leaves, or is joined by somebody, begins at the first step. No clock and no process: frames in, messages out.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from kiosk.identity.face.events import FaceAsks, FaceDone, Outcome
from kiosk.identity.face.part import Face, FacePart, Image, Step

#: Frames are looked at no wider than this.
WIDTH = 640
#: Part of the frame's height that a face takes at arm's length from a terminal; below 100 pixels templates get worse.
NEAR_ENOUGH, TOO_NEAR = 0.26, 0.64
#: A face smaller than this part of the biggest stands in the hall behind, and not beside.
BEHIND = 0.45
#: Mean grey of a face in which neither eyes nor likeness can be judged.
DARK_FACE = 45
#: Frontal frames in a row before one is compared: the first may be blurred.
STEADY_FRAMES = 2
#: Frames without a face after which somebody has left: one to two seconds.
LEFT_FRAMES = 14
#: Frames that show somebody else, in all; one alone can be an engine's error.
OTHER_FRAMES = 3
#: A card's photo has 102x126 pixels; the detector wants faces of 80 and more.
PHOTO_HEIGHT = 378
_WORST: tuple[Outcome, ...] = ("refused", "unsure", "accepted")


class Course:
    """One check of one citizen against one photo. Not thread-safe."""

    def __init__(self, part: FacePart, photo: Image | None) -> None:
        """`photo` None: it was no picture."""
        self._part = part
        self._others = 0
        self._card = None if photo is None else card_template(part, photo)
        self.begin_again()

    def begin_again(self) -> None:
        """Forget everybody seen so far, but not how often it was somebody else."""
        self._liveness = self._part.liveness()
        self._looks: list[Any] = []
        self._outcomes: list[Outcome] = []
        self._done, self._next_action = 0, ""
        self._frontal = self._without = 0
        self.unsure = False

    def look(self, image: Image) -> FaceAsks | FaceDone:
        """The next frame. After a FaceDone there is nothing more to look at."""
        if self._card is None:
            return FaceDone("unsure", "no-photo")
        faces = self._part.faces(image)
        faces = [face for face in faces if face.width > BEHIND * faces[0].width]
        if len(faces) != 1:
            return self._nobody(faces, image)
        self._without = 0
        if action := _ill_placed(faces[0], image):
            return self._asks(action)
        step = self._liveness.look(image, faces[0])
        if len(self._looks) <= self._done:
            return self._front(image, faces[0])
        return self._action(image, faces[0], step)

    def out_of_time(self) -> FaceDone:
        """The answer when looking took too long."""
        return FaceDone("unsure", "unsure" if self.unsure and self._done == self._liveness.total else "no-liveness")

    def _nobody(self, faces: list[Face], image: Image) -> FaceAsks:
        if faces:
            self.begin_again()
            return self._asks("one_person")
        self._without += 1
        self._frontal = 0
        if self._without == LEFT_FRAMES:
            self.begin_again()
        return self._asks("brighter" if float(image.mean()) < DARK_FACE else self._wanted())

    def _front(self, image: Image, face: Face) -> FaceAsks | FaceDone:
        self._frontal = self._frontal + 1 if face.frontal else 0
        if self._frontal < STEADY_FRAMES:
            return self._asks("look")
        self._frontal = 0
        template = self._part.template(image, face)
        if self._looks:
            same = self._part.compare(self._looks[0], template)
            if same == "refused":
                return self._other()
            if same == "unsure":
                self.unsure = True
                return self._asks("look")
        self._looks.append(template)
        self._outcomes.append(self._part.compare(self._card, template))
        self._next_action = ""
        if self._done < self._liveness.total:
            return self._asks("look")
        return self._end()

    def _action(self, image: Image, face: Face, step: Step) -> FaceAsks | FaceDone:
        if step.proof and step.action == self._next_action:  # what nobody was asked for proves nothing
            if self._part.compare(self._looks[0], self._part.template(image, face)) == "refused":
                return self._other()
            step = self._liveness.confirm()
        self._done, self._next_action = step.done, step.action
        return self._asks(self._wanted())

    def _end(self) -> FaceDone:
        middle = sorted(self._outcomes, key=_WORST.index)[(len(self._outcomes) - 1) // 2]
        if middle == "accepted":
            return FaceDone("accepted", "")
        return FaceDone("unsure", "unsure") if middle == "unsure" else FaceDone("refused", "not-alike")

    def _other(self) -> FaceAsks | FaceDone:
        self._others += 1
        return FaceDone("refused", "other-face") if self._others >= OTHER_FRAMES else self._asks(self._wanted())

    def _wanted(self) -> str:
        """What is asked while nothing stands in the way."""
        return "look" if len(self._looks) <= self._done else self._next_action or "look"

    def _asks(self, action: str) -> FaceAsks:
        return FaceAsks(action, self._done, self._liveness.total)


def fitting(image: Image) -> Image:
    """The frame as it is looked at."""
    scale = WIDTH / image.shape[1]
    if scale >= 1:
        return image
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)


def decoded(photo: bytes) -> Image | None:
    """A picture file as a picture; None when it is none."""
    try:
        image = cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR) if photo else None
    except cv2.error:
        return None
    return None if image is None else image.astype(np.uint8)


def card_template(part: FacePart, photo: Image) -> Any:
    """The template of the biggest face in a card's photo; None when there is none."""
    scale = max(1.0, PHOTO_HEIGHT / photo.shape[0])
    photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    faces = part.faces(fitting(photo))
    return part.template(fitting(photo), faces[0]) if faces else None


def _ill_placed(face: Face, image: Image) -> str:
    """What the citizen has to change before the face can be judged, or ""."""
    height, width = image.shape[:2]
    if face.height < NEAR_ENOUGH * height:
        return "closer"
    if face.height > TOO_NEAR * height:
        return "back"
    middle = face.left + face.width / 2
    if not 0.15 * width < middle < 0.85 * width:
        return "look"
    cut = image[max(0, face.top) : face.top + face.height, max(0, face.left) : face.left + face.width]
    return "brighter" if float(cut.mean()) < DARK_FACE else ""
