"""The face check through the simulated camera's stream and the real worker. All faces are drawn: see
drivers/simulators/faces."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from kiosk.identity.face import FaceAsks, FaceCheck, FaceDone, FacePicture, FaceTrouble, check
from tests.drivers.conftest import Simulator
from tests.kiosk.identity.face.citizen import FACES, PATIENCE, Citizen, card, obliging

Checking = Callable[..., FaceCheck]


def gone(pid: int | None) -> bool:
    assert pid is not None
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_the_holder_is_accepted_and_nothing_stays(
    camera: Simulator,
    checking: Checking,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    citizen = Citizen(camera, obliging("wang"))
    camera("face wang look")
    one = checking("wang")
    one.start(citizen)
    assert citizen.done() == FaceDone("accepted", "")
    asked = [event for event in citizen.events if isinstance(event, FaceAsks)]
    assert len({ask.action for ask in asked} & {"turn_left", "turn_right", "blink"}) == 2
    assert asked[-1] == FaceAsks("look", 2, 2), "the compared face looks into the camera again at the end"
    assert {ask.total for ask in asked} == {2} and sorted(ask.done for ask in asked) == [ask.done for ask in asked]
    with Image.open(io.BytesIO(citizen.pictures[0])) as picture:
        assert picture.size == (640, 480)
        mirrored = np.asarray(picture.convert("L"), float)
    seen = cv2.imread(str(FACES / "wang" / "look.jpg"), cv2.IMREAD_GRAYSCALE).astype(float)
    assert np.abs(mirrored - seen[:, ::-1]).mean() < 6
    one.stop()
    one.stop()
    assert one.worker_id is None and list(tmp_path.iterdir()) == [] and vars(one)["_photo"] == b""
    assert len(repr(FacePicture(citizen.pictures[0]))) < 50
    assert not caplog.records


def test_somebody_lively_is_accepted_without_seeing_what_is_asked(camera: Simulator, checking: Checking) -> None:
    citizen = Citizen(camera)
    camera("face li lively")
    checking("li").start(citizen)
    assert citizen.done() == FaceDone("accepted", "")


def test_somebody_else_is_refused(camera: Simulator, checking: Checking) -> None:
    citizen = Citizen(camera, obliging("chen"))
    camera("face chen look")
    checking("wang").start(citizen)
    assert citizen.done() == FaceDone("refused", "not-alike")


def test_who_is_neither_alike_nor_unlike_is_told_unsure(camera: Simulator, checking: Checking) -> None:
    citizen = Citizen(camera, obliging("zhao"))
    camera("face zhao look")
    checking("wang").start(citizen)
    assert citizen.done() == FaceDone("unsure", "unsure")


def test_a_still_photograph_never_passes(
    camera: Simulator, checking: Checking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "LIMIT", 3.0)
    citizen = Citizen(camera)
    camera("face wang look")
    checking("wang").start(citizen)
    assert citizen.done() == FaceDone("unsure", "no-liveness")
    assert all(event.done == 0 for event in citizen.events if isinstance(event, FaceAsks))


def test_a_face_that_changes_between_the_steps_is_refused(camera: Simulator, checking: Checking) -> None:
    citizen = Citizen(camera, lambda asked: f"face {'wang' if asked.done == 0 else 'chen'} {asked.action}")
    camera("face wang look")
    checking("wang").start(citizen)
    assert citizen.done() == FaceDone("refused", "other-face")


def test_somebody_else_cannot_prove_life_for_a_photograph(
    camera: Simulator, checking: Checking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "LIMIT", 5.0)
    citizen = Citizen(camera, lambda asked: f"face {'wang' if asked.action == 'look' else 'li'} {asked.action}")
    camera("face wang look")
    checking("wang").start(citizen)
    # eyes that closed too shortly to be looked at three times prove nothing either
    assert citizen.done() in (FaceDone("refused", "other-face"), FaceDone("unsure", "no-liveness"))
    assert all(event.done == 0 for event in citizen.events if isinstance(event, FaceAsks))


def test_two_people_are_asked_to_be_one(camera: Simulator, checking: Checking, tmp_path: Path) -> None:
    wang, li = (cv2.imread(str(FACES / name / "look.jpg")) for name in ("wang", "li"))
    cv2.imwrite(str(tmp_path / "two.jpg"), np.hstack([wang[:, 160:480], li[:, 160:480]]))
    citizen = Citizen(camera)
    camera(f"show {tmp_path / 'two.jpg'}")
    checking("wang").start(citizen)
    citizen.wait(lambda event: event == FaceAsks("one_person", 0, 2))
    camera("face wang look")
    citizen.wait(lambda event: isinstance(event, FaceAsks) and event.action in ("turn_left", "turn_right", "blink"))


def test_what_stands_in_the_way_is_asked(camera: Simulator, checking: Checking, tmp_path: Path) -> None:
    look = cv2.imread(str(FACES / "wang" / "look.jpg"))
    far = np.full_like(look, 150)
    far[120:360, 160:480] = cv2.resize(look, (320, 240), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(tmp_path / "closer.jpg"), far)
    cv2.imwrite(str(tmp_path / "back.jpg"), cv2.resize(look[100:380, 133:507], (640, 480)))
    cv2.imwrite(str(tmp_path / "brighter.jpg"), (look * 0.15).astype(np.uint8))
    citizen = Citizen(camera)
    checking("wang").start(citizen)
    for action in ("closer", "back", "brighter"):
        camera(f"show {tmp_path / action}.jpg")
        citizen.wait(lambda event, action=action: event == FaceAsks(action, 0, 2))  # type: ignore[misc]


def test_a_camera_that_fails_is_told_and_comes_back(camera: Simulator, checking: Checking) -> None:
    citizen = Citizen(camera)
    camera("face wang look")
    checking("wang").start(citizen)
    citizen.wait(lambda event: isinstance(event, FaceAsks))
    for fault, reason in (("drop", "camera-gone"), ("frozen", "camera-frozen"), ("dark", "dark")):
        camera(f"fault {fault}")
        citizen.wait(lambda event, reason=reason: event == FaceTrouble(reason))  # type: ignore[misc]
        camera("fault none")
        citizen.wait(lambda event: event == FaceAsks("look", 0, 2))
    told = [event for event in citizen.events if isinstance(event, FaceTrouble)]
    assert len(told) <= 5, "each trouble is told once, not with every try"


def test_a_worker_that_dies_costs_one_try(camera: Simulator, checking: Checking) -> None:
    citizen = Citizen(camera, obliging("wang"))
    camera("face wang look")
    one = checking("wang")
    one.start(citizen)
    citizen.wait(lambda event: isinstance(event, FaceAsks))
    assert one.worker_id is not None
    os.kill(one.worker_id, signal.SIGKILL)
    citizen.wait(lambda event: event == FaceTrouble("worker-died"))
    assert citizen.done() == FaceDone("accepted", "")


def test_a_card_without_a_face_is_told(camera: Simulator, checking: Checking) -> None:
    blank = cv2.imencode(".bmp", np.full((126, 102, 3), 200, np.uint8))[1].tobytes()
    for photo in (blank, b"no picture"):
        citizen = Citizen(camera)
        checking("wang", photo=photo).start(citizen)
        assert citizen.done() == FaceDone("unsure", "no-photo")


def test_stop_ends_the_worker_and_the_events_also_from_a_callback(camera: Simulator, checking: Checking) -> None:
    camera("face wang look")
    one, seen, stopped = checking("wang"), [], threading.Event()
    pids: list[int | None] = []

    def stopping(event: object) -> None:
        seen.append(event)
        pids.append(one.worker_id)
        one.stop()
        stopped.set()

    one.start(stopping)
    assert stopped.wait(PATIENCE)
    assert gone(pids[0])
    one.stop()
    assert len(seen) == 1 and one.worker_id is None
    with pytest.raises(RuntimeError):
        one.start(stopping)


VENDOR = """
import os
from kiosk.identity.face.part import Face, Step

class Nods:
    total = 1
    def __init__(self): self.done = 0
    def look(self, image, face): return Step("" if self.done else "blink", self.done, not self.done)
    def confirm(self):
        self.done = 1
        return Step("", 1)

class Part:
    def faces(self, image):
        return [Face(200, 120, 200, 240, 0.0, True, 1.0, (340, 200), (260, 200), (300, 250))]
    def template(self, image, face): return "somebody"
    def compare(self, one, other): return "accepted"
    def liveness(self): return Nods()

def crashes(): os.abort()
"""


def test_a_vendor_part_fills_the_interface(
    camera: Simulator, checking: Checking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vendor_face.py").write_text(VENDOR)
    monkeypatch.syspath_prepend(tmp_path)
    citizen = Citizen(camera)
    checking("wang", part="vendor_face:Part").start(citizen)  # before an empty desk: only this part sees anybody
    assert citizen.done() == FaceDone("accepted", "")
    assert FaceAsks("blink", 0, 1) in citizen.events
    citizen = Citizen(camera)
    checking("wang", part="vendor_face:crashes").start(citizen)
    assert citizen.done() == FaceDone("unsure", "worker-died")
    assert citizen.events == [FaceTrouble("worker-died"), FaceDone("unsure", "worker-died")]
    assert not list(tmp_path.glob("core*")) and card("wang")
