"""What terminals ask about pages from a citizen's phone; see contract/phone_uploads.py."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response

from contract.phone_uploads import LIFETIME, LOOKUP, MOST_FILES, UploadState, UploadTicket, UploadTicketKept
from fleet.api.callers import CallingTerminal, ThePlatform

router = APIRouter(prefix="/api/v1/phone-uploads")
Lookup = Annotated[str, Path(pattern=LOOKUP)]
Number = Annotated[int, Path(ge=0, lt=MOST_FILES)]


@router.put("/{lookup}")
def begin(
    lookup: Lookup, ticket: UploadTicket, request: Request, terminal_id: CallingTerminal, platform: ThePlatform
) -> UploadTicketKept:
    """A ticket; the one this terminal had is gone."""
    if not platform.phone_uploads.begin(terminal_id, lookup, ticket):
        raise HTTPException(409, "this name is another terminal's")
    page = f"https://{request.headers.get('host', 'localhost')}/upload"
    return UploadTicketKept(page=page, expires_in=LIFETIME)


@router.get("/{lookup}")
def state(lookup: Lookup, terminal_id: CallingTerminal, platform: ThePlatform) -> UploadState:
    """How far the phone is."""
    found = platform.phone_uploads.state(terminal_id, lookup)
    if found is None:
        raise HTTPException(404, "no such ticket of this terminal")
    return found


@router.get("/{lookup}/{number}")
def file(lookup: Lookup, number: Number, terminal_id: CallingTerminal, platform: ThePlatform) -> Response:
    """One file, sealed under the ticket's key."""
    sealed = platform.phone_uploads.file(terminal_id, lookup, number)
    if sealed is None:
        raise HTTPException(404, "no such file of this terminal")
    return Response(sealed, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


@router.delete("/{lookup}", status_code=204)
def end(lookup: Lookup, terminal_id: CallingTerminal, platform: ThePlatform) -> None:
    """Everything that was sent is gone."""
    platform.phone_uploads.end(terminal_id, lookup)
