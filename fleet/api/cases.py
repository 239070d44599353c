"""Cases and ratings as terminals deliver them; both idempotent by their id."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from contract.cases import Case, CaseAnswer
from contract.ratings import Rating
from fleet.api.callers import CallingTerminal, ThePlatform
from fleet.cases import receive
from fleet.ratings import rate

router = APIRouter(prefix="/api/v1")


@router.put("/cases/{case_id}")
def put_case(case_id: UUID, case: Case, terminal_id: CallingTerminal, platform: ThePlatform) -> CaseAnswer:
    """Receive a case; ask again after its uploads."""
    if case.case_id != case_id:
        raise HTTPException(422, "the address names another case than the body")
    return receive(platform, terminal_id, case)


@router.get("/cases/{case_id}/document")
def document(case_id: UUID, terminal_id: CallingTerminal, platform: ThePlatform) -> FileResponse:
    """The finished document of this terminal's case; 404 for any other."""
    kept = platform.documents.of_case(case_id, terminal_id)
    if kept is None:
        raise HTTPException(404, "no document of this case for this terminal")
    return FileResponse(kept.path, media_type=kept.about.media_type, headers={"Cache-Control": "no-store"})


@router.put("/ratings/{rating_id}")
def put_rating(
    rating_id: UUID, rating: Rating, terminal_id: CallingTerminal, platform: ThePlatform
) -> dict[str, UUID | datetime]:
    """Receive a rating."""
    if rating.rating_id != rating_id:
        raise HTTPException(422, "the address names another rating than the body")
    return {"rating_id": rating_id, "received_at": rate(platform.database, terminal_id, rating)}
