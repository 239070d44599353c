"""What a terminal asks before a material is scanned; see contract/holdings.py."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException, Response

from contract.holdings import HoldingFileAsked, Holdings, HoldingsAsked
from fleet.api.callers import CallingTerminal, ThePlatform
from fleet.holdings import content, held
from fleet.identity.waits import Patience, count_once, seconds_left

router = APIRouter(prefix="/api/v1/holdings")
#: Applications at a terminal in ten minutes: more is somebody who reads the register with its certificate.
ASKED = Patience(free=60, first=30, most=600, memory=600)


@router.post("")
def ask(asked: HoldingsAsked, terminal_id: CallingTerminal, platform: ThePlatform) -> Holdings:
    """What there is. A terminal that asks for one person after the other has to wait (429)."""
    key, now = platform.seal.keyed_hash("holdings", terminal_id), datetime.now(UTC)
    with platform.database.writing() as session:
        if seconds_left(session, key, now):
            raise HTTPException(429, "this terminal asked for the papers of too many people; try again later")
        count_once(session, key, ASKED, now)
    return held(platform, terminal_id, asked)


@router.post("/file")
def file(asked: HoldingFileAsked, terminal_id: CallingTerminal, platform: ThePlatform) -> Response:
    """The bytes of one; 404 for a handle of another terminal, one that is too old, and a file that is gone."""
    found = content(platform, terminal_id, asked.handle)
    if found is None:
        raise HTTPException(404, "no such file for this terminal; ask again what there is")
    return Response(found, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})
