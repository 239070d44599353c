"""A camera, and checks that end with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from kiosk.identity.face import FaceCheck, check
from tests.drivers.conftest import Simulator
from tests.kiosk.identity.face.citizen import card


@pytest.fixture
def camera() -> Iterator[Simulator]:
    simulated = Simulator("camera", "--size", "640x480", "--name", "face_camera")
    yield simulated
    simulated.stop()


@pytest.fixture
def checking(camera: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., FaceCheck]]:
    """Makes checks of a person's card; their limit is long, since the machine may be busy."""
    monkeypatch.setattr(check, "LIMIT", 100.0)
    made: list[FaceCheck] = []

    def make(name: str, part: str = "", photo: bytes | None = None) -> FaceCheck:
        made.append(FaceCheck(camera.said["url"], card(name) if photo is None else photo, part))
        return made[-1]

    yield make
    for one in made:
        one.stop()
