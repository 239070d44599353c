"""The phone's pages (RFC 8628 section 3.3): the code of the machine, who one is, is this the machine, done.

One address, no script: every form posts to /device and is answered with the next page. The cookie names a sealed
session, the form carries what only that session's pages know.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates

from contract.logins import CodeCheck, Purpose, Refusal, SmsCheck, SmsRequest
from contract.terminals import TerminalProfile
from fleet.api import phone
from fleet.api.callers import ThePlatform
from fleet.api.later import send_later
from fleet.api.oauth2 import RawBody
from fleet.api.phone import SAFE, TEMPLATES
from fleet.cases import OFFICE_TIME
from fleet.identity.check import check_code
from fleet.identity.device_grant import Waiting
from fleet.identity.phone_sessions import PhoneState, Stage
from fleet.platform import Platform
from fleet.tables import Terminal

router = APIRouter()
COOKIE = "__Host-device"
_pages = Jinja2Templates(TEMPLATES / "device")


@dataclass
class Visit:
    """One request of a phone."""

    request: Request
    platform: Platform
    cookie: str
    state: PhoneState
    form: dict[str, str]

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """The page of `template`; the session's cookie goes with it."""
        values = {"error": "", "address": "/device", "csrf": self.platform.phone_sessions.csrf(self.cookie), **values}
        response = _pages.TemplateResponse(self.request, f"{template}.html", values, status, headers=SAFE)
        response.set_cookie(COOKIE, self.cookie, **phone.COOKIE)
        return response

    def ended(self, outcome: str) -> Response:
        """The last page; the session and its cookie are gone."""
        self.platform.phone_sessions.end(self.cookie)
        response = _pages.TemplateResponse(self.request, "done.html", {"outcome": outcome}, headers=SAFE)
        response.delete_cookie(COOKIE, **phone.COOKIE)
        return response

    def goes_on(self, **changes: Any) -> Response:
        """Keep the state with `changes` and send the phone to the next page."""
        self.platform.phone_sessions.write(self.cookie, self.state.model_copy(update=changes))
        response = RedirectResponse("/device", 303, SAFE)
        response.set_cookie(COOKIE, self.cookie, **phone.COOKIE)
        return response

    def said(self, name: str) -> str:
        """A field of the form, without the space around it."""
        return self.form.get(name, "").strip()


@router.get("/device")
def show(request: Request, platform: ThePlatform, user_code: str = "", handover: str = "") -> Response:
    """The page this phone has come to; an address with a code begins anew."""
    cookie = request.cookies.get(COOKIE, "")
    state = PhoneState() if user_code else platform.phone_sessions.read(cookie)
    visit = Visit(request, platform, cookie or platform.phone_sessions.new_cookie(), state, {})
    if state.stage is Stage.CODE:
        return visit.page("code", user_code=user_code[:9].upper(), handover=handover)
    waiting = platform.device_grants.still_waiting(state.grant)
    if waiting is None:
        return visit.ended("gone")
    return _page_of(visit, waiting)


@router.post("/device")
def step(request: Request, platform: ThePlatform, body: RawBody, tasks: BackgroundTasks) -> Response:
    """What was typed or pressed on the page."""
    cookie = request.cookies.get(COOKIE, "")
    visit = Visit(request, platform, cookie, platform.phone_sessions.read(cookie), dict(phone.posted(body)))
    if not cookie or not hmac.compare_digest(
        platform.phone_sessions.csrf(cookie).encode(), visit.said("csrf").encode()
    ):
        visit.cookie = platform.phone_sessions.new_cookie()
        return visit.page("code", 403, error="again", user_code="", handover="")
    action = visit.said("action")
    if action == "code":
        return _code(visit)
    waiting = platform.device_grants.still_waiting(visit.state.grant)
    if waiting is None:
        return visit.ended("gone")
    if action == "deny":
        platform.device_grants.decide(waiting.device_sha256, None)
        return visit.ended("denied")
    steps: dict[tuple[str, Stage], Callable[[], Response]] = {
        ("who", Stage.WHO): lambda: _who(visit, waiting, tasks),
        ("sms", Stage.SMS): lambda: _sms(visit, waiting),
        ("again", Stage.SMS): lambda: visit.goes_on(stage=Stage.WHO, challenge=""),
        ("approve", Stage.CONFIRM): lambda: _approve(visit, waiting),
    }
    taken = steps.get((action, visit.state.stage))
    return taken() if taken else _page_of(visit, waiting)  # a page that was left open: show where we are


def _code(visit: Visit) -> Response:
    platform, user_code, handover = visit.platform, visit.said("user_code"), visit.said("handover")
    left = phone.guesses_left(visit.request, platform)
    if left:
        return visit.page("code", 429, error="too_many", seconds=left, user_code="", handover=handover)
    waiting = platform.device_grants.waiting(user_code)
    if waiting is None:
        phone.count_guess(visit.request, platform)
        return visit.page("code", 400, error="no_such_code", user_code=user_code[:9], handover=handover)
    visit.state = PhoneState(grant=waiting.device_sha256)
    if handover:
        place = _machine(platform, waiting).place
        code = CodeCheck(raw=handover[:4096], terminal_id=waiting.terminal_id, place=place, purpose=Purpose.LOGIN)
        identity = check_code(platform, code)
        if identity.person is not None:
            return visit.goes_on(stage=Stage.CONFIRM, identity=identity)
        # else the page would tell anybody, without a limit, which codes are good
        phone.count_guess(visit.request, platform)
    return visit.goes_on(stage=Stage.WHO)


def _who(visit: Visit, waiting: Waiting, tasks: BackgroundTasks) -> Response:
    number, mobile = visit.said("number").upper(), visit.said("mobile").replace(" ", "")
    wrong = phone.wrong_number(number, mobile)
    if wrong:
        return visit.page("who", 400, error=wrong, number=number[:18], mobile=mobile[:11])
    order = visit.platform.sms_codes.request(
        visit.platform.connectors, visit.cookie, SmsRequest(number=number, mobile=mobile), phone.address(visit.request)
    )
    sent = order.answer
    if sent.refused is not None:
        error, status = ("wait", 429) if sent.refused is Refusal.TOO_MANY else ("unavailable", 503)
        return visit.page("who", status, error=error, seconds=sent.again_in, number=number, mobile=mobile)
    send_later(tasks, order)
    response = visit.goes_on(stage=Stage.SMS, challenge=sent.challenge)
    response.background = tasks
    return response


def _sms(visit: Visit, waiting: Waiting) -> Response:
    check = SmsCheck(challenge=visit.state.challenge, code=visit.said("code")[:6])
    identity = visit.platform.sms_codes.check(visit.cookie, check)
    if identity.person is not None:
        return visit.goes_on(stage=Stage.CONFIRM, identity=identity, challenge="")
    if identity.refused is Refusal.WRONG_CODE:
        return visit.page("sms", 400, error="wrong_code")
    visit.state = visit.state.model_copy(update={"stage": Stage.WHO, "challenge": ""})
    visit.platform.phone_sessions.write(visit.cookie, visit.state)
    return visit.page("who", 400, error="sms_over", number="", mobile="")


def _approve(visit: Visit, waiting: Waiting) -> Response:
    decided = visit.platform.device_grants.decide(waiting.device_sha256, visit.state.identity)
    return visit.ended("approved" if decided else "gone")


def _page_of(visit: Visit, waiting: Waiting) -> Response:
    match visit.state.stage:
        case Stage.CONFIRM:
            identity = visit.state.identity
            assert identity is not None and identity.person is not None
            name = identity.person.name
            return visit.page(
                "confirm",
                machine=_machine(visit.platform, waiting),
                asked_at=waiting.asked_at.astimezone(OFFICE_TIME),
                name=name[0] + "*" * (len(name) - 1),
            )
        case Stage.SMS:
            return visit.page("sms")
        case _:
            return visit.page("who", number="", mobile="")


def _machine(platform: Platform, waiting: Waiting) -> TerminalProfile:
    with platform.database.reading() as session:
        return TerminalProfile.model_validate(session.get_one(Terminal, waiting.terminal_id).profile)
