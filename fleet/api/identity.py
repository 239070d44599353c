"""The check of a citizen's code: the terminal forwards the raw text and decodes nothing."""

from __future__ import annotations

from fastapi import APIRouter

from contract.identity import CodeAnswer, CodeCheck
from fleet.api.callers import CallingTerminal, ThePlatform
from fleet.citizen_codes import check_code

router = APIRouter(prefix="/api/v1/identity")


@router.post("/code")
def check(code: CodeCheck, terminal_id: CallingTerminal, platform: ThePlatform) -> CodeAnswer:
    """The person, once; or why there is none: `unknown`, `used`, `expired`."""
    return check_code(platform.database, code.raw)
