"""A finished document for the citizen's phone, by the link its terminal showed them."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from fastapi.templating import Jinja2Templates

from fleet.api.callers import ThePlatform
from fleet.api.phone import TEMPLATES

router = APIRouter()
_pages = Jinja2Templates([TEMPLATES / "certificates", TEMPLATES / "device"])
_SAFE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_ENDINGS = {"application/pdf": "pdf", "application/ofd": "ofd"}


@router.get("/documents/{token}")
def document(request: Request, token: str, platform: ThePlatform) -> Response:
    """The file, or 404 in words; who asks is not known and not kept."""
    kept = platform.documents.by_link(token, datetime.now(UTC))
    if kept is None:
        return _pages.TemplateResponse(request, "document_gone.html", status_code=404, headers=_SAFE)
    name = f"{kept.about.number}.{_ENDINGS[kept.about.media_type]}"
    return FileResponse(kept.path, media_type=kept.about.media_type, filename=name, headers=_SAFE)
