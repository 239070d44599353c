"""What somebody shows who they are for: to begin a visit, or to be known more surely for one item (升级实名)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.codes import Assurance, LoginWay
from contract.logins import Purpose
from kiosk.identity import Proof
from kiosk.identity.assurance import can_reach

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey
    from kiosk.journey.step import Step

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Admission:
    """Handed from the login page to whichever way is chosen, which ends by `admit`."""

    purpose: Purpose = Purpose.LOGIN
    #: what must be reached, and the item it is for
    needed: Assurance = Assurance.LOW
    task_code: str = ""
    #: the citizen said at once that they come for somebody else
    for_others: bool = False
    #: a step-up before the list of companies; without it, one before the item
    for_company: bool = False

    def offers(self, way: LoginWay, face_camera: bool) -> bool:
        """Whether this way can lead there."""
        if self.purpose is Purpose.STEP_UP and way is LoginWay.OFFLINE_CODE:
            return False
        return can_reach(way, self.needed, face_camera)

    def begin(self, journey: Journey) -> Step:
        """The page to begin with: the face check where the card was read before, else the login page."""
        state = journey.state
        if self.purpose is Purpose.STEP_UP and state.photo and state.person and state.login is LoginWay.ID_CARD:
            proof = Proof(state.person, LoginWay.ID_CARD, Assurance.SUBSTANTIAL, state.photo)
            if self._needs_face(journey, proof) and journey.parts.devices.face_camera_url:
                return self.admit(journey, proof)
        return journey.make("login", admission=self)

    def admit(self, journey: Journey, proof: Proof) -> Step:
        """The next page for somebody who proved who they are. Raises CacheFull."""
        if self.purpose is Purpose.STEP_UP and (back := self._not_the_same(journey, proof)):
            return back
        if self._needs_face(journey, proof):
            return self._face(journey, proof)
        if proof.assurance < self.needed:
            return journey.make("login", admission=self, problem="login.not_enough")
        return self._surer(journey, proof) if self.purpose is Purpose.STEP_UP else self._begin(journey, proof)

    def _needs_face(self, journey: Journey, proof: Proof) -> bool:
        if proof.way is not LoginWay.ID_CARD or proof.assurance >= Assurance.HIGH:
            return False
        return self.needed is Assurance.HIGH or journey.rules.site.face_at_login

    def _face(self, journey: Journey, proof: Proof) -> Step:
        missing = "" if journey.parts.devices.face_camera_url else "login.no_face_camera"
        missing = missing or ("" if proof.photo else "login.no_photo")
        if missing:
            log.warning("no face check: %s", missing)
            return journey.make("login", admission=self, problem=missing)
        wait = journey.parts.cache.attempts.wait("face", proof.person.number)
        if wait:
            return journey.make("login", admission=self, problem="login.wait", seconds=wait)
        return journey.make("face_check", admission=self, proof=proof)

    def _not_the_same(self, journey: Journey, proof: Proof) -> Step | None:
        person, attempts = journey.state.person, journey.parts.cache.attempts
        assert person is not None
        wait = attempts.wait("other_person", person.number)
        if wait:
            return journey.make("login", admission=self, problem="login.wait", seconds=wait)
        if proof.person.number == person.number:
            return None
        attempts.failed("other_person", person.number)
        log.warning("a step-up with somebody else's proof")
        return journey.make("login", admission=self, problem="login.other_person")

    def _surer(self, journey: Journey, proof: Proof) -> Step:
        assert journey.state.person is not None
        journey.parts.cache.attempts.succeeded("other_person", journey.state.person.number)
        journey.state.surer(proof)
        journey.save()
        log.info("surer by %s: level %d", proof.way, proof.assurance)
        return journey.make("company", then=self.task_code) if self.for_company else journey.into_item()

    def _begin(self, journey: Journey, proof: Proof) -> Step:
        journey.begin_visit(proof)
        log.info("a visit begins by %s: level %d", proof.way, proof.assurance)
        return journey.make("acting_for" if self.for_others else "home")
