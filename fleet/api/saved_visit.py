"""A phone's visit to the pages of a saved application.

Code and answers lie in a session sealed under the phone's cookie (fleet/saved_sessions.py), and after every page of the
form sealed under the code again.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import Response
from fastapi.templating import Jinja2Templates

from contract.saved_codes import written
from fleet.api.phone import TEMPLATES
from fleet.api.phone_visit import PhoneVisit
from fleet.office_time import OFFICE_TIME
from fleet.phone_form import picture_of
from fleet.saved_sessions import SavedState


class SavedVisit(PhoneVisit[SavedState]):
    """One request."""

    address = "/saved"
    cookie_name = "__Host-saved"
    templates = Jinja2Templates([TEMPLATES / "saved", TEMPLATES / "device"])
    #: of the longest page of a form: every choice of a list of checks is one
    most_fields = 1000

    def ended(self, why: str) -> Response:
        """The last page."""
        return self.over("saved_over", why=why, state=self.state, code=written(self.state.code))


def until(moment: datetime | None) -> str:
    """When it runs out, by the office's clock."""
    return moment.astimezone(OFFICE_TIME).strftime("%Y-%m-%d %H:%M") if moment else ""


SavedVisit.templates.env.globals.update(until=until, written=written, picture_of=picture_of)
