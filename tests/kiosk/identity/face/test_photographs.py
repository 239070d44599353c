"""A photograph held to the camera at every angle: neither turned head nor closed eyes may be seen in it. Measured with
our part and drawn faces, without a camera, since it needs hundreds of frames."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from kiosk.identity.face.dlib_part import DlibPart
from kiosk.identity.face.liveness import ActiveLiveness
from kiosk.identity.face.part import Image, Step
from tests.kiosk.identity.face.citizen import FACES

ANGLES = list(itertools.product((-45, -22, 22, 45), (-35, 0, 25), (-12, 12)))


@pytest.fixture(scope="module")
def part() -> DlibPart:
    return DlibPart()


def picture(name: str, pose: str) -> Image:
    image = cv2.imread(str(FACES / name / f"{pose}.jpg"))
    assert image is not None
    return image.astype(np.uint8)


def held(photo: Image, yaw: float, pitch: float, roll: float) -> Image:
    """A flat photograph before a camera near by, turned by these degrees, with the sensor's noise."""
    height, width = photo.shape[:2]
    a, b, c = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    focal, half = width * 1.1, np.array([width / 2, height / 2])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turned = np.c_[corners - half, np.zeros(4)] @ (about_z @ about_y @ about_x).T
    seen = (half + focal * turned[:, :2] / (turned[:, 2:] + focal)).astype(np.float32)
    there = cv2.warpPerspective(
        photo, cv2.getPerspectiveTransform(corners, seen), (width, height), borderValue=(120,) * 3
    )
    noise = np.random.default_rng(abs(int(yaw * 7 + pitch * 3 + roll))).integers(-4, 5, there.shape)
    return np.clip(there.astype(int) + noise, 0, 255).astype(np.uint8)


def shown(part: DlibPart, liveness: ActiveLiveness, *images: Image) -> list[Step]:
    """What liveness makes of these frames in which exactly one face is."""
    steps = []
    for image in images:
        for face in part.faces(image)[:1]:
            steps.append(liveness.look(image, face))
    return steps


@pytest.mark.parametrize("name", ["wang", "li", "zhao", "chen"])
@pytest.mark.parametrize("action", ["turn_left", "turn_right"])
def test_a_head_that_turns_is_seen(part: DlibPart, name: str, action: str) -> None:
    liveness = ActiveLiveness([action])
    look, turned = picture(name, "look"), picture(name, action)
    other = picture(name, "turn_right" if action == "turn_left" else "turn_left")
    assert not any(step.proof for step in shown(part, liveness, look, look, other, other, look))
    assert [step.proof for step in shown(part, liveness, turned, turned)] == [False, True]
    assert liveness.confirm() == Step("", 1)


@pytest.mark.parametrize("name", ["wang", "li", "zhao", "chen"])
def test_eyes_that_close_and_open_are_seen(part: DlibPart, name: str) -> None:
    liveness = ActiveLiveness(["blink"])
    look, closed = picture(name, "look"), picture(name, "blink")
    assert not any(step.proof for step in shown(part, liveness, look, look, look))
    assert shown(part, liveness, closed)[0].proof
    assert liveness.confirm() == Step("blink", 0), "closed eyes count when they open again"
    assert shown(part, liveness, closed)[0].done == 0
    assert shown(part, liveness, look)[0] == Step("", 1)


@pytest.mark.parametrize("name", ["li", "zhao"])
def test_no_angle_makes_a_photograph_live(part: DlibPart, name: str) -> None:
    photo = picture(name, "look")
    frames = [held(photo, *angles) for angles in ANGLES]
    found = 0
    for frame in frames:
        for face in part.faces(frame)[:1]:
            found += 1
            for action in ("turn_left", "turn_right", "blink"):
                liveness = ActiveLiveness([action])
                shown(part, liveness, photo, photo)
                steps = [liveness.look(frame, face) for _ in range(2)]
                assert not any(step.proof for step in steps), (action, frame.shape)
    assert found > 10, "too few of the frames had a face for this to mean anything"


def test_every_check_has_a_turn() -> None:
    drawn = [ActiveLiveness()._actions for _ in range(200)]
    assert {tuple(actions) for actions in drawn} == set(itertools.permutations(("turn_left", "turn_right", "blink"), 2))


@pytest.mark.parametrize("colour", [(150, 170, 200), (30, 30, 30)])
def test_a_strip_over_the_eyes_of_a_photograph_is_no_blink(part: DlibPart, colour: tuple[int, int, int]) -> None:
    photo = picture("wang", "look")
    liveness = ActiveLiveness(["blink"])
    shown(part, liveness, photo, photo, photo)
    for height in (30, 60):  # one just as high as the eyes can pass for lids: that is why every check has a turn too
        covered = photo.copy()
        cv2.rectangle(covered, (180, 230 - height // 2), (460, 230 + height // 2), colour, -1)
        assert not any(step.proof for step in shown(part, liveness, covered, covered)), height
