"""One request of a phone: its session by the cookie, the pages it is answered with, and how one says who one is.

No script: every form of a kind of pages posts to one address and is answered with the next page. The cookie names a
sealed session, the form carries what only that session's pages know.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Any, ClassVar, Generic

from fastapi import BackgroundTasks, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates

from contract.logins import IdentityAnswer, Refusal, SmsCheck, SmsRequest
from fleet.api import phone
from fleet.api.later import send_later
from fleet.identity.phone_sessions import PhoneSessions, Stage, State
from fleet.platform import Platform


class PhoneVisit(Generic[State]):
    """The base of a visit to one kind of pages. `fields` are what was posted, each with all its values."""

    address: ClassVar[str]
    cookie_name: ClassVar[str]
    templates: ClassVar[Jinja2Templates]
    most_fields: ClassVar[int] = 20

    def __init__(self, request: Request, platform: Platform, sessions: PhoneSessions[State], body: bytes = b"") -> None:
        self.request, self.platform, self.sessions = request, platform, sessions
        self.fields: dict[str, list[str]] = {}
        for name, value in phone.posted(body, self.most_fields):
            self.fields.setdefault(name, []).append(value)
        self.cookie = request.cookies.get(self.cookie_name) or _new_cookie()
        self.state = sessions.read(self.cookie)

    def said(self, name: str) -> str:
        """A field of the form, without the space around it."""
        return next(iter(self.fields.get(name, ())), "").strip()

    @property
    def csrf(self) -> str:
        """What the forms of this session's pages carry: another site knows neither this nor the cookie."""
        return self.platform.seal.keyed_hash("csrf", self.cookie)

    @property
    def is_own(self) -> bool:
        """Whether a page of this session posted the form."""
        return hmac.compare_digest(self.csrf.encode(), self.said("csrf").encode())

    # answers

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """The page of `template`; the session's cookie goes with it."""
        values = {"error": "", "address": self.address, "csrf": self.csrf, "state": self.state, **values}
        response = self.templates.TemplateResponse(self.request, f"{template}.html", values, status, phone.SAFE)
        return self._with_cookie(response)

    def anew(self, template: str, **values: Any) -> Response:
        """The first page to somebody whose form was not a page's of this session: nothing of the session is theirs."""
        self.cookie, self.state = _new_cookie(), self.sessions.beginning()
        return self.page(template, 403, error="again", **values)

    def goes_on(self, **changes: Any) -> Response:
        """Keep the state with `changes` and send the phone to the next page."""
        self.keep(**changes)
        return self._with_cookie(RedirectResponse(self.address, 303, phone.SAFE))

    def keep(self, **changes: Any) -> None:
        """Keep the state with `changes`."""
        self.state = self.state.model_copy(update=changes)
        self.sessions.write(self.cookie, self.state)

    def over(self, template: str, **values: Any) -> Response:
        """The last page; the session and its cookie are gone."""
        self.sessions.end(self.cookie)
        response = self.templates.TemplateResponse(self.request, f"{template}.html", values, headers=phone.SAFE)
        response.delete_cookie(self.cookie_name, **phone.COOKIE)
        return response

    def _with_cookie(self, response: Response) -> Response:
        response.set_cookie(self.cookie_name, self.cookie, **phone.COOKIE)
        return response

    # who one is: ID number and registered mobile number, then a code by SMS

    def identity_page(self) -> Response:
        """The page of the stage WHO or SMS."""
        return self.page("sms") if self.state.stage is Stage.SMS else self.page("who", number="", mobile="")

    def identify(
        self, action: str, tasks: BackgroundTasks, known: Callable[[IdentityAnswer], Response]
    ) -> Response | None:
        """Do what was pressed on such a page; `known` answers once it is clear who is there. None: another page's."""
        match action, self.state.stage:
            case "who", Stage.WHO:
                return self._send_code(tasks)
            case "sms", Stage.SMS:
                return self._check_code(known)
            case "again", Stage.SMS:
                return self.goes_on(stage=Stage.WHO, challenge="")
        return None

    def _send_code(self, tasks: BackgroundTasks) -> Response:
        number, mobile = self.said("number").upper(), self.said("mobile").replace(" ", "")
        wrong = phone.wrong_number(number, mobile)
        if wrong:
            return self.page("who", 400, error=wrong, number=number[:18], mobile=mobile[:11])
        wanted = SmsRequest(number=number, mobile=mobile)
        order = self.platform.sms_codes.request(
            self.platform.connectors, self.cookie, wanted, phone.address(self.request)
        )
        sent = order.answer
        if sent.refused is not None:
            error, status = ("wait", 429) if sent.refused is Refusal.TOO_MANY else ("unavailable", 503)
            return self.page("who", status, error=error, seconds=sent.again_in, number=number, mobile=mobile)
        send_later(tasks, order)
        response = self.goes_on(stage=Stage.SMS, challenge=sent.challenge)
        response.background = tasks
        return response

    def _check_code(self, known: Callable[[IdentityAnswer], Response]) -> Response:
        check = SmsCheck(challenge=self.state.challenge, code=self.said("code")[:6])
        identity = self.platform.sms_codes.check(self.cookie, check)
        if identity.person is not None:
            return known(identity)
        if identity.refused is Refusal.WRONG_CODE:
            return self.page("sms", 400, error="wrong_code")
        self.keep(stage=Stage.WHO, challenge="")
        return self.page("who", 400, error="sms_over", number="", mobile="")


def _new_cookie() -> str:
    """One nobody can guess."""
    return secrets.token_urlsafe(32)
