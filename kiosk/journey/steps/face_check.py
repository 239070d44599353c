"""人证核验: is the face before the camera the one on the card? Unsure is never a yes: then another way is taken."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from contract.codes import Assurance
from kiosk.identity import Proof
from kiosk.identity.face import FaceAsks, FaceCheck, FaceDone, FaceEvent, FacePicture, FaceTrouble
from kiosk.journey import intents
from kiosk.journey.admission import Admission
from kiosk.journey.step import Step
from kiosk.journey.views import FaceView, Preview

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: seconds shown as left: the check itself ends a little earlier
LONGEST = 35
#: checks on one page; whoever is not recognised then takes another way
MOST_TRIES = 2


@dataclass(frozen=True)
class _Said:
    """What one check said, so that no other can be taken for it."""

    check: FaceCheck
    event: FaceEvent


class CheckFace(Step):
    """The proof of an ID card becomes one of the highest level, or the login page offers what else there is."""

    def __init__(self, journey: Journey, admission: Admission, proof: Proof) -> None:
        super().__init__(journey)
        self._admission, self._proof = admission, proof
        self._check: FaceCheck | None = None
        self._state: Literal["starting", "looking", "comparing", "over", "gone"] = "starting"
        self._asked = FaceAsks("look", 0, 0)
        self._problem = ""
        self._tries = 0
        self._until = time.monotonic() + LONGEST

    def enter(self) -> None:
        self._begin()

    def leave(self) -> None:
        self._end()
        self._proof = replace(self._proof, photo=b"")

    def _begin(self) -> None:
        url = self.parts.devices.face_camera_url
        if url is None:
            self._state = "gone"
            return
        self._tries += 1
        self._state, self._problem, self._until = "starting", "", time.monotonic() + LONGEST
        self._check = check = FaceCheck(url, self._proof.photo, part=self.parts.settings.face_part)
        check.start(lambda event: self._tell(check, event))

    def _end(self) -> None:
        check, self._check = self._check, None
        if check is not None:
            # ending the worker takes a moment: not on the terminal's thread
            self.parts.jobs(check.stop, lambda _: None)

    def _tell(self, check: FaceCheck, event: FaceEvent) -> None:
        """From the check's own thread. What an earlier check says, perhaps of somebody else, is nobody's answer."""
        if self._check is not check:
            return
        if isinstance(event, FacePicture):
            self.parts.preview(Preview(event.jpeg, None))
        else:
            self.parts.post(_Said(check, event))

    def view(self) -> FaceView:
        looking = self._state == "looking"
        return FaceView(
            title=self.say("face.title"),
            promise=self.say("face.promise"),
            state=self._state,
            instruction=self.say(f"face_asks.{self._asked.action}") if looking else "",
            sign=self._sign if looking else "",
            done=self._asked.done,
            total=self._asked.total,
            problem=self.say(self._problem) if self._problem else "",
            seconds=max(0, round(self._until - time.monotonic())),
        )

    @property
    def _sign(self) -> Literal["look", "turn_left", "turn_right", "blink"]:
        action = self._asked.action
        return action if action in ("turn_left", "turn_right", "blink") else "look"  # type: ignore[return-value]

    def buttons(self) -> tuple[str, str, bool]:
        again = self._may_try_again
        return "button.other_way", "button.try_again" if again else "", again

    @property
    def _may_try_again(self) -> bool:
        wait = self.parts.cache.attempts.wait("face", self._proof.person.number)
        return self._state == "over" and self._tries < MOST_TRIES and not wait

    def handle(self, event: object) -> Step | None:
        match event:
            case _Said(check, said) if check is self._check:
                return self._heard(said)
            case intents.Forward() if self._may_try_again:
                self._begin()
            case intents.Back():
                return self.journey.make("login", admission=self._admission)
        return None

    def _heard(self, said: FaceEvent) -> Step | None:
        match said:
            case FaceAsks():
                self._state, self._asked, self._problem = "looking", said, ""
            case FaceTrouble(reason):
                self._problem = f"face.{reason.replace('-', '_')}"
                self._state = "gone" if reason in ("camera-gone", "camera-frozen") else self._state
            case FaceDone(outcome, reason):
                return self._done(outcome, reason)
        return None

    def _done(self, outcome: str, reason: str) -> Step | None:
        log.info("face check: %s %s", outcome, reason)
        attempts, number = self.parts.cache.attempts, self._proof.person.number
        self._end()
        if outcome == "accepted":
            attempts.succeeded("face", number)
            return self._admission.admit(self.journey, replace(self._proof, assurance=Assurance.HIGH))
        if outcome == "refused" or reason == "unsure":
            # neither alike nor unlike counts too: who is tried again and again gets lucky
            attempts.failed("face", number)
        self._state, self._problem = "over", f"face.{outcome}"
        return None
