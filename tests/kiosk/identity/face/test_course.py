"""The course of a check, frame by frame, with a part that sees what the test says: pictures do not matter here."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from kiosk.identity.face.course import LEFT_FRAMES, OTHER_FRAMES, Course
from kiosk.identity.face.events import FaceAsks, FaceDone, Outcome
from kiosk.identity.face.liveness import ActiveLiveness
from kiosk.identity.face.part import Face, Image, Step

FRAME: Image = np.full((480, 640, 3), 120, np.uint8)
FACE = Face(220, 120, 200, 200, 0.0, True, 1.0, (360, 200), (280, 200), (320, 260))


@dataclass(frozen=True)
class Seen:
    """One face, whose it is, and whether it shows what was asked."""

    who: str = "holder"
    shows: bool = False
    face: Face = FACE


class Turns:
    """Two actions, each shown by a frame that says so."""

    total = 2

    def __init__(self, part: ScriptedPart) -> None:
        self._part, self._done = part, 0

    def look(self, image: Image, face: Face) -> Step:
        return Step(self._action(), self._done, self._done < 2 and self._part.seen[0].shows)

    def confirm(self) -> Step:
        self._done += 1
        return Step(self._action(), self._done)

    def _action(self) -> str:
        return ("turn_left", "turn_right", "")[self._done]


class ScriptedPart:
    """Sees what it is told; "holder" and "card" are alike, "twin" is neither alike nor unlike."""

    def __init__(self) -> None:
        self.seen: list[Seen] = [Seen("card")]

    def faces(self, image: Image) -> list[Face]:
        return [seen.face for seen in self.seen]

    def template(self, image: Image, face: Face) -> str:
        return self.seen[0].who

    def compare(self, one: str, other: str) -> Outcome:
        if {one, other} <= {"holder", "card"} or one == other:
            return "accepted"
        return "unsure" if "twin" in (one, other) else "refused"

    def liveness(self) -> Turns:
        return Turns(self)


class Check:
    """A course and its part."""

    def __init__(self) -> None:
        self.part = ScriptedPart()
        self.course = Course(self.part, FRAME)

    def __call__(self, *seen: Seen, times: int = 1) -> FaceAsks | FaceDone:
        self.part.seen = list(seen)
        told: FaceAsks | FaceDone = FaceDone("refused", "")
        for _ in range(times):
            told = self.course.look(FRAME)
            if isinstance(told, FaceDone):
                break
        return told


@pytest.fixture
def check() -> Check:
    return Check()


def whole(check: Check, who: str = "holder") -> FaceAsks | FaceDone:
    """Everything that is asked, by one person."""
    told: FaceAsks | FaceDone = check(Seen(who), times=3)
    for _ in range(2):
        check(Seen(who, shows=True))
        told = check(Seen(who), times=3)
    return told


def test_the_steps_of_a_check(check: Check) -> None:
    assert check(Seen()) == FaceAsks("look", 0, 2)
    assert check(Seen(), times=2) == FaceAsks("turn_left", 0, 2)
    assert check(Seen(), times=50) == FaceAsks("turn_left", 0, 2)
    assert check(Seen(shows=True)) == FaceAsks("look", 1, 2)
    assert check(Seen(shows=True)) == FaceAsks("look", 1, 2), "what nobody was asked for proves nothing"
    assert check(Seen(), times=3) == FaceAsks("turn_right", 1, 2)
    assert check(Seen(shows=True)) == FaceAsks("look", 2, 2)
    assert check(Seen(face=replace(FACE, frontal=False)), times=9) == FaceAsks("look", 2, 2)
    assert check(Seen(), times=2) == FaceDone("accepted", "")


@pytest.mark.parametrize(
    ("who", "done"),
    [
        ("holder", FaceDone("accepted", "")),
        ("twin", FaceDone("unsure", "unsure")),
        ("stranger", FaceDone("refused", "not-alike")),
    ],
)
def test_the_outcomes(check: Check, who: str, done: FaceDone) -> None:
    assert whole(check, who) == done


def test_who_leaves_begins_again(check: Check) -> None:
    check(Seen(), times=3)
    assert check(Seen(shows=True)) == FaceAsks("look", 1, 2)
    assert check(times=LEFT_FRAMES - 1) == FaceAsks("look", 1, 2), "a face is lost for a moment now and then"
    assert check() == FaceAsks("look", 0, 2)
    assert whole(check) == FaceDone("accepted", "")


def test_who_is_joined_by_somebody_begins_again(check: Check) -> None:
    check(Seen(), times=3)
    check(Seen(shows=True))
    assert check(Seen(), Seen("stranger")) == FaceAsks("one_person", 0, 2)
    small = Seen("stranger", face=replace(FACE, width=80, height=80))
    assert check(Seen(), small, times=3) == FaceAsks("turn_left", 0, 2), "somebody far behind is not beside"


def test_somebody_elses_proof_does_not_count(check: Check) -> None:
    check(Seen(), times=3)
    for _ in range(OTHER_FRAMES - 1):
        assert check(Seen("stranger", shows=True)) == FaceAsks("turn_left", 0, 2)
    assert check(Seen("stranger", shows=True)) == FaceDone("refused", "other-face")


def test_beginning_again_forgives_no_other_face(check: Check) -> None:
    for _ in range(OTHER_FRAMES - 1):
        check(Seen(), times=3)
        assert isinstance(check(Seen("stranger", shows=True)), FaceAsks)
        check(times=LEFT_FRAMES)
    check(Seen(), times=3)
    assert check(Seen("stranger", shows=True)) == FaceDone("refused", "other-face")


def test_out_of_time(check: Check) -> None:
    check(Seen(), times=5)
    assert check.course.out_of_time() == FaceDone("unsure", "no-liveness")
    check(Seen(shows=True))
    check(Seen(), times=3)
    check(Seen(shows=True))
    assert check(Seen("twin"), times=20) == FaceAsks("look", 2, 2), "not surely the same: looked at again"
    assert check.course.out_of_time() == FaceDone("unsure", "unsure")


@pytest.mark.parametrize(
    ("face", "action"),
    [
        (replace(FACE, width=90, height=90), "closer"),
        (replace(FACE, width=360, height=360), "back"),
        (replace(FACE, left=-90), "look"),
    ],
)
def test_a_badly_placed_face_is_not_judged(check: Check, face: Face, action: str) -> None:
    assert check(Seen(face=face), times=9) == FaceAsks(action, 0, 2)


def test_a_photo_without_a_face() -> None:
    part = ScriptedPart()
    part.seen = []
    for course in (Course(part, FRAME), Course(part, None)):
        assert course.look(FRAME) == FaceDone("unsure", "no-photo")


def test_nothing_of_a_face_is_in_a_repr() -> None:
    assert repr(FACE) == "Face(left=220, top=120, width=200, height=200)"
    assert ActiveLiveness.total == 2
