"""Who a terminal is, what it trusts, and how it is."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Response

from contract.audit import AuditAnswer, AuditBatch
from contract.terminals import Heartbeat, HeartbeatAnswer, TerminalProfile
from fleet.api.callers import CallingTerminal, ThePlatform
from fleet.audit import receive
from fleet.tables import Terminal
from fleet.terminals import hear

router = APIRouter(prefix="/api/v1")


@router.get("/terminal")
def profile(terminal_id: CallingTerminal, platform: ThePlatform) -> TerminalProfile:
    """The profile of the terminal that asks."""
    with platform.database.reading() as session:
        return TerminalProfile.model_validate(session.get_one(Terminal, terminal_id).profile)


@router.get("/trust-root")
def trust_root(terminal_id: CallingTerminal, platform: ThePlatform) -> Response:
    """The TUF root a terminal begins with (1.root.json)."""
    return Response(platform.repository.first_root, media_type="application/json")


# a terminal of older software does not know of orders: they are named only when there are any
@router.post("/heartbeats", response_model_exclude_defaults=True)
def heartbeat(heartbeat: Heartbeat, terminal_id: CallingTerminal, platform: ThePlatform) -> HeartbeatAnswer:
    """Keep how the terminal is, and say what operators ask of it."""
    return hear(platform.database, terminal_id, heartbeat, datetime.now(UTC))


@router.post("/audit")
def audit(batch: AuditBatch, terminal_id: CallingTerminal, platform: ThePlatform) -> AuditAnswer:
    """Lines of the terminal's audit log; 409 with an AuditRefusal where they do not go on from those that are known."""
    return receive(platform.database, terminal_id, batch, platform.authority.certificate)
