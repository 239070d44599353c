"""The form of a saved application on a phone, page by page: what is on a page is taken, then another is shown."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Response

from contract.saved_codes import SavedKey
from contract.saving import SavedRefusal
from fleet import phone_form
from fleet.api import phone
from fleet.api.saved_visit import SavedVisit
from fleet.errors import ReleaseRefused
from fleet.identity.phone_sessions import Stage
from fleet.saved_form import SavedForm
from kiosk.forms import FormError, FormSession, RepeatPage

Errors = Mapping[str, tuple[str, str]]


def show(visit: SavedVisit) -> Response:
    """The page the form stands on."""
    found = _form(visit)
    return _page(visit, found.session, {}) if found else visit.ended("gone")


def turn(visit: SavedVisit, action: str) -> Response:
    """Take what is on the page, then turn to another: nothing that was written is lost whichever way it goes."""
    found = _form(visit)
    if found is None:
        return visit.ended("gone")
    session = found.session
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
    refused = _keep(visit, found)
    if refused is not None:
        return visit.ended(refused)
    if name in ("save", "finish"):
        return visit.ended("saved")
    if name == "search" or (errors and name == "next"):
        return _page(visit, session, errors, 400 if errors else 200)
    return visit.goes_on(changed=visit.state.changed and name != "next")


def picture(visit: SavedVisit, name: str) -> Response:
    """A picture that stands on the page the form stands on; no other file can be had, nor asked for."""
    found = _form(visit) if visit.state.stage is Stage.FILL else None
    if found is None or name not in phone_form.pictures(found.session) or name not in found.files:
        return Response(status_code=404, headers=phone.SAFE)
    try:
        content = visit.platform.resources.read(found.files[name])
    except ReleaseRefused:
        content = b""
    kind = phone_form.picture_type(content)
    return Response(content, 200, phone.SAFE, kind) if kind else Response(status_code=404, headers=phone.SAFE)


def _form(visit: SavedVisit) -> SavedForm | None:
    try:
        return SavedForm.of(visit.platform, visit.state.saved) if visit.state.saved else None
    except (FormError, ReleaseRefused):
        return None


def _keep(visit: SavedVisit, form: SavedForm) -> SavedRefusal | None:
    """In the phone's session, and at the platform under the code."""
    assert visit.state.saved is not None
    saved = form.kept_in(visit.state.saved)
    key, number = SavedKey.of(visit.state.code), visit.state.number
    visit.keep(saved=saved)
    return visit.platform.saved.rewrite(key.lookup, number, key.seal(saved.model_dump_json().encode(), number))


def _page(visit: SavedVisit, session: FormSession, errors: Errors, status: int = 200) -> Response:
    page, (before, total) = session.page, session.progress
    assert visit.state.saved is not None
    if page is None:
        return visit.page("saved_check", answers=phone_form.answers(session), to_do=visit.state.saved.to_do)
    return visit.page(
        "saved_list" if isinstance(page, RepeatPage) else "saved_page",
        status,
        form=page,
        inputs=phone_form.inputs(session, visit.fields, errors),
        errors=errors,
        number=before + 1,
        total=total,
        first=before == 0,
        item=visit.state.saved.item_name,
    )
