"""An invented citizen before the simulated camera, who does what the check asks; and what the check told."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.identity.face import FaceAsks, FaceDone, FaceEvent, FacePicture
from tests.drivers.conftest import Simulator

FACES = Path(__file__).resolve().parents[4] / "drivers" / "simulators" / "faces"
PATIENCE = 60.0


def card(name: str) -> bytes:
    """The photo of this person's card."""
    return (FACES / name / "card.png").read_bytes()


class Citizen:
    """The handler of a check's events. `does` answers each request; without, the person just stands there."""

    def __init__(self, camera: Simulator, does: Callable[[FaceAsks], str | None] | None = None) -> None:
        self._camera, self._does = camera, does
        self.told: queue.Queue[FaceEvent] = queue.Queue()
        self.events: list[FaceEvent] = []
        self.pictures: list[bytes] = []

    def __call__(self, event: FaceEvent) -> None:
        if isinstance(event, FacePicture):
            self.pictures.append(event.jpeg)
            return
        self.events.append(event)
        if isinstance(event, FaceAsks) and self._does and (line := self._does(event)):
            self._camera(line)
        self.told.put(event)

    def wait(self, fits: Callable[[FaceEvent], bool]) -> FaceEvent:
        """The next event that fits."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                event = self.told.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"it did not come; there were {self.events}") from None
            if fits(event):
                return event

    def done(self) -> FaceDone:
        """The end of the check."""
        event = self.wait(lambda event: isinstance(event, FaceDone))
        assert isinstance(event, FaceDone)
        return event


def obliging(name: str) -> Callable[[FaceAsks], str]:
    """Somebody who does everything that is asked."""
    return lambda asked: f"face {name} {asked.action}"
