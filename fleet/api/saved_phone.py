"""The phone's pages of a saved application: its code, who one is, then the form page by page; finished at a terminal.

One address, no script: every form posts to /saved and is answered with the next page. Code and answers lie in a session
sealed under the phone's cookie (fleet/saved_sessions.py), and after every page sealed under the code again.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from pydantic import ValidationError

from contract.logins import Refusal, SmsCheck, SmsRequest
from contract.saved_codes import DoesNotOpen, SavedKey, read_code, written
from contract.saving import SavedApplication, SavedRefusal
from fleet import phone_form
from fleet.api import phone
from fleet.api.callers import ThePlatform
from fleet.api.later import send_later
from fleet.api.oauth2 import RawBody
from fleet.api.phone import SAFE, TEMPLATES
from fleet.cases import OFFICE_TIME
from fleet.errors import ReleaseRefused
from fleet.platform import Platform
from fleet.releases.publishing import newest_catalogue
from fleet.saved_sessions import SavedStage, SavedState
from kiosk.forms import Form, FormError, FormSession, RepeatPage

router = APIRouter()
COOKIE = "__Host-saved"
#: fields of the longest page of a form: every choice of a list of checks is one
MOST_FIELDS = 1000
_pages = Jinja2Templates([TEMPLATES / "saved", TEMPLATES / "device"])
Errors = Mapping[str, tuple[str, str]]


@dataclass
class Visit:
    """One request of a phone."""

    request: Request
    platform: Platform
    cookie: str
    state: SavedState
    fields: dict[str, list[str]]

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """The page of `template`; the session's cookie goes with it."""
        csrf = self.platform.phone_sessions.csrf(self.cookie)
        values = {"error": "", "csrf": csrf, "address": "/saved", "state": self.state, **values}
        response = _pages.TemplateResponse(self.request, f"{template}.html", values, status, headers=SAFE)
        response.set_cookie(COOKIE, self.cookie, **phone.COOKIE)
        return response

    def ended(self, why: str) -> Response:
        """The last page; the session and its cookie are gone."""
        self.platform.saved_sessions.end(self.cookie)
        values = {"why": why, "state": self.state, "code": written(self.state.code)}
        response = _pages.TemplateResponse(self.request, "saved_over.html", values, headers=SAFE)
        response.delete_cookie(COOKIE, **phone.COOKIE)
        return response

    def goes_on(self, **changes: Any) -> Response:
        """Keep the state with `changes` and send the phone to the next page."""
        self.keep(**changes)
        response = RedirectResponse("/saved", 303, SAFE)
        response.set_cookie(COOKIE, self.cookie, **phone.COOKIE)
        return response

    def keep(self, **changes: Any) -> None:
        """Keep the state with `changes`."""
        self.state = self.state.model_copy(update=changes)
        self.platform.saved_sessions.write(self.cookie, self.state)

    def said(self, name: str) -> str:
        """A field of the form, without the space around it."""
        return next(iter(self.fields.get(name, ())), "").strip()


@router.get("/saved")
def show(request: Request, platform: ThePlatform, c: str = "") -> Response:
    """The page this phone has come to; an address with a code begins anew."""
    cookie = request.cookies.get(COOKIE, "")
    state = SavedState() if c else platform.saved_sessions.read(cookie)
    visit = Visit(request, platform, cookie or platform.phone_sessions.new_cookie(), state, {})
    return _page_of(visit, c)


@router.post("/saved")
def step(request: Request, platform: ThePlatform, body: RawBody, tasks: BackgroundTasks) -> Response:
    """What was typed or pressed on the page."""
    cookie, fields = request.cookies.get(COOKIE, ""), defaultdict[str, list[str]](list)
    for name, value in phone.posted(body, MOST_FIELDS):
        fields[name].append(value)
    visit = Visit(request, platform, cookie, platform.saved_sessions.read(cookie), dict(fields))
    csrf = platform.phone_sessions.csrf(cookie) if cookie else ""
    if not csrf or not hmac.compare_digest(csrf.encode(), visit.said("csrf").encode()):
        visit.cookie, visit.state = platform.phone_sessions.new_cookie(), SavedState()
        return visit.page("saved_code", 403, error="again", code="")
    action = visit.said("action")
    if action == "code":
        return _code(visit)
    steps: dict[tuple[str, SavedStage], Callable[[], Response]] = {
        ("who", SavedStage.WHO): lambda: _who(visit, tasks),
        ("sms", SavedStage.SMS): lambda: _sms(visit),
        ("again", SavedStage.SMS): lambda: visit.goes_on(stage=SavedStage.WHO, challenge=""),
        ("deny", SavedStage.WHO): lambda: visit.ended("left"),
        ("finish", SavedStage.FILL): lambda: _turn(visit, "save"),
    }
    if visit.state.stage is SavedStage.FILL and action != "finish":
        return _turn(visit, action)
    taken = steps.get((action, visit.state.stage))
    return taken() if taken else _page_of(visit)  # a page that was left open: show where we are


# who is there, and what they saved


def _code(visit: Visit) -> Response:
    code = read_code(visit.said("code"))
    left = phone.guesses_left(visit.request, visit.platform)
    if left:
        return visit.page("saved_code", 429, error="too_many", seconds=left, code="")
    if not code:
        return visit.page("saved_code", 400, error="misread", code=visit.said("code")[:40])
    visit.state = SavedState()
    return visit.goes_on(stage=SavedStage.WHO, code=code)


def _who(visit: Visit, tasks: BackgroundTasks) -> Response:
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
    response = visit.goes_on(stage=SavedStage.SMS, challenge=sent.challenge)
    response.background = tasks
    return response


def _sms(visit: Visit) -> Response:
    check = SmsCheck(challenge=visit.state.challenge, code=visit.said("code")[:6])
    identity = visit.platform.sms_codes.check(visit.cookie, check)
    if identity.person is not None:
        return _open(visit, identity.person.number)
    if identity.refused is Refusal.WRONG_CODE:
        return visit.page("sms", 400, error="wrong_code")
    visit.keep(stage=SavedStage.WHO, challenge="")
    return visit.page("who", 400, error="sms_over", number="", mobile="")


def _open(visit: Visit, number: str) -> Response:
    key = SavedKey.of(visit.state.code)
    opened = visit.platform.saved.open(key.lookup, number, phone.address(visit.request))
    if opened.refused in (SavedRefusal.UNKNOWN, SavedRefusal.OTHER_PERSON):
        phone.count_guess(visit.request, visit.platform)
    if opened.sealed is None:
        return visit.ended(str(opened.refused))
    try:
        saved = SavedApplication.model_validate_json(key.open(opened.sealed, number))
    except (DoesNotOpen, ValidationError):
        return visit.ended(SavedRefusal.UNKNOWN)
    if not saved.form:
        return visit.ended("at_machine")
    visit.state = visit.state.model_copy(update={"saved": saved, "number": number})
    try:
        found = _form(visit.platform, saved)
        if found is None:
            return visit.ended("gone")
        xml, form = found
        changed = phone_form.form_hash(xml) != saved.form_sha256
        session = form.restore(saved.form.encode(), saved.language, other_version=changed)
    except (FormError, ReleaseRefused):
        return visit.ended("at_machine")
    if changed and session.pages():
        session.go_to(session.pages()[0].path)
    return visit.goes_on(
        stage=SavedStage.FILL,
        challenge="",
        changed=changed,
        expires_at=opened.expires_at,
        saved=_with(saved, session, xml),
    )


def _form(platform: Platform, saved: SavedApplication) -> tuple[str, Form] | None:
    """The item's form as it is offered now; None where it is offered no more. Raises FormError."""
    catalogue = newest_catalogue(platform.database)
    item = catalogue.item(saved.task_code) if catalogue else None
    if catalogue is None or item is None or not item.at_terminal:
        return None
    place = f"{item.dept_code}/{item.form}"
    xml = catalogue.files.get(f"{place}.xml", "")
    files = tuple(
        (path.removeprefix(f"{place}/"), digest)
        for path, digest in catalogue.resources.items()
        if path.startswith(f"{place}/")
    )
    return (xml, phone_form.form_of(xml, files, platform.resources)) if xml else None


def _with(saved: SavedApplication, session: FormSession, xml: str) -> SavedApplication:
    form = session.serialise().decode()
    return saved.model_copy(
        update={"form": form, "form_sha256": phone_form.form_hash(xml), "saved_at": datetime.now(UTC)}
    )


# the form


def _session(visit: Visit) -> tuple[FormSession, str] | None:
    saved = visit.state.saved
    try:
        found = _form(visit.platform, saved) if saved else None
        if saved is None or found is None:
            return None
        xml, form = found
        return form.restore(saved.form.encode(), saved.language, other_version=True), xml
    except (FormError, ReleaseRefused):
        return None


def _turn(visit: Visit, action: str) -> Response:
    """Take what is on the page, then turn to another: nothing that was written is lost whichever way it goes."""
    found = _session(visit)
    if found is None:
        return visit.ended("gone")
    session, xml = found
    if shown := visit.said("page"):
        phone_form.go_to(session, shown)
    errors = phone_form.take(session, visit.fields)
    name, _, path = action.partition(" ")
    if name == "next":
        errors |= {key: said for key, said in phone_form.problems(session).items() if key not in errors}
        if not errors:
            session.forward()
    elif name == "back":
        session.back()
    elif name == "goto":
        phone_form.go_to(session, path)
    elif name in ("add", "remove", "edit"):
        phone_form.change_repeat(session, name, path)
    refused = _keep(visit, session, xml)
    if refused is not None:
        return visit.ended(refused)
    if name in ("save", "finish"):
        return visit.ended("saved")
    if name == "search" or (errors and name == "next"):
        return _form_page(visit, session, errors, 400 if errors else 200)
    return visit.goes_on(changed=visit.state.changed and name != "next")


def _keep(visit: Visit, session: FormSession, xml: str) -> SavedRefusal | None:
    """In the phone's session, and at the platform under the code."""
    assert visit.state.saved is not None
    saved = _with(visit.state.saved, session, xml)
    key, number = SavedKey.of(visit.state.code), visit.state.number
    visit.keep(saved=saved)
    return visit.platform.saved.rewrite(key.lookup, number, key.seal(saved.model_dump_json().encode(), number))


def _form_page(visit: Visit, session: FormSession, errors: Errors, status: int = 200) -> Response:
    page, (before, total) = session.page, session.progress
    assert visit.state.saved is not None
    if page is None:
        return visit.page("saved_check", answers=phone_form.answers(session), to_do=visit.state.saved.to_do)
    return visit.page(
        "saved_list" if isinstance(page, RepeatPage) else "saved_page",
        status,
        form=page,
        inputs=phone_form.inputs(session, visit.fields if status == 400 or visit.fields else {}, errors),
        errors=errors,
        number=before + 1,
        total=total,
        first=before == 0,
        item=visit.state.saved.item_name,
    )


def _page_of(visit: Visit, code: str = "") -> Response:
    match visit.state.stage:
        case SavedStage.FILL:
            found = _session(visit)
            return _form_page(visit, found[0], {}) if found else visit.ended("gone")
        case SavedStage.SMS:
            return visit.page("sms")
        case SavedStage.WHO:
            return visit.page("who", number="", mobile="")
        case _:
            return visit.page("saved_code", code=written(read_code(code)) if code else "")


def until(moment: datetime | None) -> str:
    """When it runs out, by the office's clock."""
    return moment.astimezone(OFFICE_TIME).strftime("%Y-%m-%d %H:%M") if moment else ""


_pages.env.globals.update(until=until, written=written)
