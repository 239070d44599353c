"""The page on which a phone sends pages to a terminal: no app, no script, no cookie. The address is the key."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from fastapi.templating import Jinja2Templates

from contract.phone_uploads import LARGEST_FILE, LARGEST_SET, MIB, MOST_FILES
from contract.upload_keys import UploadKey
from fleet.api import phone
from fleet.api.callers import ThePlatform
from fleet.api.multipart import files_of
from fleet.phone_uploads import Refused, UploadRefusal

router = APIRouter()
_pages = Jinja2Templates([phone.TEMPLATES / "upload", phone.TEMPLATES / "device"])
#: nothing can be sent any more with this address
_OVER = (UploadRefusal.UNKNOWN, UploadRefusal.EXPIRED, UploadRefusal.USED)


async def _sent(request: Request, platform: ThePlatform, k: str = "") -> bytes:
    """The body; of somebody without a ticket not a byte is read."""
    usable = await to_thread.run_sync(platform.phone_uploads.usable, UploadKey.read(k))
    return await request.body() if usable else b""


@router.get("/upload")
def show(request: Request, platform: ThePlatform, k: str = "") -> Response:
    """Choose pictures or a PDF."""
    return _choose(request, platform, k)


@router.post("/upload")
def send(request: Request, platform: ThePlatform, body: Annotated[bytes, Depends(_sent)], k: str = "") -> Response:
    """Take them, or say in plain words why not."""
    files = files_of(request.headers.get("content-type", ""), body, "files", MOST_FILES)
    refused = platform.phone_uploads.take(UploadKey.read(k), files)
    if refused is None:
        return _page(request, "upload_over", 200, why="sent", count=len(files))
    if refused.why in _OVER:
        return _page(request, "upload_over", 410, why=refused.why)
    return _choose(request, platform, k, refused)


@router.get("/upload/too-large")
def too_large(request: Request) -> Response:
    """nginx shows this where it stopped reading."""
    return _page(request, "upload_over", 413, why=UploadRefusal.TOO_LARGE)


def _choose(request: Request, platform: ThePlatform, k: str, refused: Refused | None = None) -> Response:
    key = UploadKey.read(k)
    ticket = platform.phone_uploads.open(key)
    if isinstance(ticket, Refused) or key is None:
        why = ticket.why if isinstance(ticket, Refused) else UploadRefusal.UNKNOWN
        return _page(request, "upload_over", 410, why=why)
    error, file = (refused.why, refused.file) if refused else ("", 0)
    return _page(request, "upload_choose", 400 if refused else 200, key=key.text, ticket=ticket, error=error, file=file)


def _page(request: Request, template: str, status: int, **values: Any) -> Response:
    limits = {"most_file": LARGEST_FILE // MIB, "most_set": LARGEST_SET // MIB}
    return _pages.TemplateResponse(request, f"{template}.html", limits | values, status, phone.SAFE)
