"""What terminals save for a citizen and hand out again; see contract/saving.py."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request

from contract.saving import LOOKUP, SavedAsk, SavedKept, SavedOpened, SavedPut
from contract.terminals import TerminalProfile
from fleet.api.callers import CallingTerminal, ThePlatform
from fleet.tables import Terminal

router = APIRouter(prefix="/api/v1/saved")
Lookup = Annotated[str, Path(pattern=LOOKUP)]


@router.put("/{lookup}")
def put(
    lookup: Lookup, saved: SavedPut, request: Request, terminal_id: CallingTerminal, platform: ThePlatform
) -> SavedKept:
    """Keep it as long as the terminal's site says. 403 where nothing is saved."""
    with platform.database.reading() as session:
        site = TerminalProfile.model_validate(session.get_one(Terminal, terminal_id).profile).site
    if not site.saved_days:
        raise HTTPException(403, "nothing is saved at this terminal: saved_days is 0")
    kept = platform.saved.keep(lookup, saved.number, saved.sealed, site.saved_days)
    page = f"https://{request.headers.get('host', 'localhost')}/saved"
    return kept if kept.refused else kept.model_copy(update={"page": page})


@router.post("/{lookup}/open")
def open_saved(lookup: Lookup, asked: SavedAsk, terminal_id: CallingTerminal, platform: ThePlatform) -> SavedOpened:
    """The sealed application, for whom it belongs to."""
    return platform.saved.open(lookup, asked.number, terminal_id)
