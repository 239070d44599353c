"""Cases and ratings as terminals deliver them; both idempotent by their id."""

from __future__ import annotations

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse

from contract.cases import Case, CaseAnswer
from contract.ratings import Rating, RatingAnswer
from fleet.api.callers import CallingTerminal, ThePlatform
from fleet.cases import receive
from fleet.ratings import rate

router = APIRouter(prefix="/api/v1")


async def _body_sha256(request: Request) -> str:
    return hashlib.sha256(await request.body()).hexdigest()


@router.put("/cases/{case_id}")
def put_case(
    case_id: UUID,
    case: Case,
    body_sha256: Annotated[str, Depends(_body_sha256)],
    terminal_id: CallingTerminal,
    platform: ThePlatform,
) -> CaseAnswer:
    """Receive a case; ask again after its uploads. The answer names the content that is held."""
    if case.case_id != case_id:
        raise HTTPException(422, "the address names another case than the body")
    # `receive` answers only when what is held is what came
    return receive(platform, terminal_id, case).model_copy(update={"content_sha256": body_sha256})


@router.get("/cases/{case_id}/document")
def document(case_id: UUID, terminal_id: CallingTerminal, platform: ThePlatform) -> FileResponse:
    """The finished document of this terminal's case; 404 for any other."""
    kept = platform.documents.of_case(case_id, terminal_id)
    if kept is None:
        raise HTTPException(404, "no document of this case for this terminal")
    return FileResponse(kept.path, media_type=kept.about.media_type, headers={"Cache-Control": "no-store"})


@router.put("/ratings/{rating_id}")
def put_rating(rating_id: UUID, rating: Rating, terminal_id: CallingTerminal, platform: ThePlatform) -> RatingAnswer:
    """Receive a rating."""
    if rating.rating_id != rating_id:
        raise HTTPException(422, "the address names another rating than the body")
    return RatingAnswer(rating_id=rating_id, received_at=rate(platform.database, terminal_id, rating))
