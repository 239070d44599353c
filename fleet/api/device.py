"""The phone's pages (RFC 8628 section 3.3): the code of the machine, who one is, is this the machine, done."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.templating import Jinja2Templates

from contract.logins import CodeCheck, IdentityAnswer, Purpose
from contract.terminals import TerminalProfile
from fleet.api import phone
from fleet.api.callers import ThePlatform
from fleet.api.oauth2 import RawBody
from fleet.api.phone_visit import PhoneVisit
from fleet.identity.check import check_code
from fleet.identity.device_grant import Waiting
from fleet.identity.phone_sessions import DeviceState, Stage
from fleet.office_time import OFFICE_TIME
from fleet.platform import Platform
from fleet.tables import Terminal

router = APIRouter()


class Visit(PhoneVisit[DeviceState]):
    """To the pages of a login at a machine."""

    address = "/device"
    cookie_name = "__Host-device"
    templates = Jinja2Templates(phone.TEMPLATES / "device")

    def ended(self, outcome: str) -> Response:
        """The last page."""
        return self.over("done", outcome=outcome)


@router.get("/device")
def show(request: Request, platform: ThePlatform, user_code: str = "", handover: str = "") -> Response:
    """The page this phone has come to; an address with a code begins anew."""
    visit = Visit(request, platform, platform.device_sessions)
    if user_code or visit.state.stage is Stage.CODE:
        return visit.page("code", user_code=user_code[:9].upper(), handover=handover)
    waiting = platform.device_grants.still_waiting(visit.state.grant)
    if waiting is None:
        return visit.ended("gone")
    return _page_of(visit, waiting)


@router.post("/device")
def step(request: Request, platform: ThePlatform, body: RawBody, tasks: BackgroundTasks) -> Response:
    """What was typed or pressed on the page."""
    visit = Visit(request, platform, platform.device_sessions, body)
    if not visit.is_own:
        return visit.anew("code", user_code="", handover="")
    action = visit.said("action")
    if action == "code":
        return _code(visit)
    waiting = platform.device_grants.still_waiting(visit.state.grant)
    if waiting is None:
        return visit.ended("gone")
    if action == "deny":
        platform.device_grants.decide(waiting.device_sha256, None)
        return visit.ended("denied")
    if action == "approve" and visit.state.stage is Stage.CONFIRM:
        decided = platform.device_grants.decide(waiting.device_sha256, visit.state.identity)
        return visit.ended("approved" if decided else "gone")

    def known(identity: IdentityAnswer) -> Response:
        return visit.goes_on(stage=Stage.CONFIRM, identity=identity, challenge="")

    # else a page that was left open: show where we are
    return visit.identify(action, tasks, known) or _page_of(visit, waiting)


def _code(visit: Visit) -> Response:
    platform, user_code, handover = visit.platform, visit.said("user_code"), visit.said("handover")
    left = phone.guesses_left(visit.request, platform)
    if left:
        return visit.page("code", 429, error="too_many", seconds=left, user_code="", handover=handover)
    waiting = platform.device_grants.waiting(user_code)
    if waiting is None:
        phone.count_guess(visit.request, platform)
        return visit.page("code", 400, error="no_such_code", user_code=user_code[:9], handover=handover)
    visit.state = DeviceState(grant=waiting.device_sha256)
    if handover:
        place = _machine(platform, waiting).place
        code = CodeCheck(raw=handover[:4096], terminal_id=waiting.terminal_id, place=place, purpose=Purpose.LOGIN)
        identity = check_code(platform, code)
        if identity.person is not None:
            return visit.goes_on(stage=Stage.CONFIRM, identity=identity)
        # else the page would tell anybody, without a limit, which codes are good
        phone.count_guess(visit.request, platform)
    return visit.goes_on(stage=Stage.WHO)


def _page_of(visit: Visit, waiting: Waiting) -> Response:
    if visit.state.stage is not Stage.CONFIRM:
        return visit.identity_page()
    identity = visit.state.identity
    assert identity is not None and identity.person is not None
    name = identity.person.name
    return visit.page(
        "confirm",
        machine=_machine(visit.platform, waiting),
        asked_at=waiting.asked_at.astimezone(OFFICE_TIME),
        name=name[0] + "*" * (len(name) - 1),
    )


def _machine(platform: Platform, waiting: Waiting) -> TerminalProfile:
    with platform.database.reading() as session:
        return TerminalProfile.model_validate(session.get_one(Terminal, waiting.terminal_id).profile)
