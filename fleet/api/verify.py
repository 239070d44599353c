"""The public page that says whether a certificate's code is genuine."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates

from fleet.api.callers import ThePlatform
from fleet.cases import OFFICE_TIME
from fleet.certificates import read_code
from fleet.tables import IssuedCertificate

router = APIRouter()
_pages = Jinja2Templates(Path(__file__).parent.parent / "templates")
_SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


@router.get("/verify")
def verify(request: Request, platform: ThePlatform, code: str = "") -> Response:
    """Genuine (signed here and in the register), or not."""
    content = read_code(code.strip(), [platform.certificate_key.public_key]) if code else None
    registered = False
    if content is not None:
        with platform.database.reading() as session:
            registered = session.get(IssuedCertificate, content.number) is not None
    issued = content.issued_at.astimezone(OFFICE_TIME) if content else None
    page = {"asked": bool(code), "genuine": registered, "content": content, "issued": issued}
    return _pages.TemplateResponse(request, "verify.html", page, headers=_SAFE)
