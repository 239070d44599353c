"""The pages of a saved application on a phone: its code, who one is, then its form; finished at a terminal."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks, Request, Response
from pydantic import ValidationError

from contract.logins import IdentityAnswer
from contract.saved_codes import DoesNotOpen, SavedKey, read_code, written
from contract.saving import SavedApplication, SavedRefusal
from fleet.api import phone, saved_pages
from fleet.api.callers import ThePlatform
from fleet.api.oauth2 import RawBody
from fleet.api.saved_visit import SavedVisit
from fleet.errors import ReleaseRefused
from fleet.identity.phone_sessions import Stage
from fleet.saved_form import SavedForm
from fleet.saved_sessions import SavedState
from kiosk.forms import FormError

router = APIRouter()


@router.get("/saved")
def show(request: Request, platform: ThePlatform, c: str = "") -> Response:
    """The page this phone has come to; an address with a code begins anew."""
    visit = SavedVisit(request, platform, platform.saved_sessions)
    return visit.page("saved_code", code=written(read_code(c))) if c else _page_of(visit)


@router.get("/saved/picture")
def picture(request: Request, platform: ThePlatform, name: str = "") -> Response:
    """A picture on the page this phone has come to."""
    return saved_pages.picture(SavedVisit(request, platform, platform.saved_sessions), name)


@router.post("/saved")
def step(request: Request, platform: ThePlatform, body: RawBody, tasks: BackgroundTasks) -> Response:
    """What was typed or pressed on the page."""
    visit = SavedVisit(request, platform, platform.saved_sessions, body)
    if not visit.is_own:
        return visit.anew("saved_code", code="")
    action, stage = visit.said("action"), visit.state.stage
    if action == "code":
        return _code(visit)
    if action == "deny" and stage is Stage.WHO:
        return visit.ended("left")
    if stage is Stage.FILL:
        return saved_pages.turn(visit, action)

    def known(identity: IdentityAnswer) -> Response:
        assert identity.person is not None
        return _open(visit, identity.person.number)

    # else a page that was left open: show where we are
    return visit.identify(action, tasks, known) or _page_of(visit)


def _code(visit: SavedVisit) -> Response:
    code = read_code(visit.said("code"))
    left = phone.guesses_left(visit.request, visit.platform)
    if left:
        return visit.page("saved_code", 429, error="too_many", seconds=left, code="")
    if not code:
        return visit.page("saved_code", 400, error="misread", code=visit.said("code")[:40])
    visit.state = SavedState()
    return visit.goes_on(stage=Stage.WHO, code=code)


def _open(visit: SavedVisit, number: str) -> Response:
    """What the person with this ID number saved under the code, at the page it was left at."""
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
    try:
        form = SavedForm.of(visit.platform, saved)
    except (FormError, ReleaseRefused):
        return visit.ended("at_machine")
    if form is None:
        return visit.ended("gone")
    session, changed = form.session, form.sha256 != saved.form_sha256
    if changed and session.pages():
        session.go_to(session.pages()[0].path)
    return visit.goes_on(
        stage=Stage.FILL,
        challenge="",
        number=number,
        saved=form.kept_in(saved),
        changed=changed,
        expires_at=opened.expires_at,
    )


def _page_of(visit: SavedVisit) -> Response:
    match visit.state.stage:
        case Stage.FILL:
            return saved_pages.show(visit)
        case Stage.CODE:
            return visit.page("saved_code", code="")
        case _:
            return visit.identity_page()
