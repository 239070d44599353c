"""Terminals as operators see them: heard or not, what waits and what is parked there; and orders to try it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from contract.terminals import Heartbeat, HeartbeatAnswer, RetryOrder
from fleet.database import Database
from fleet.errors import RetryRefused
from fleet.tables import DeviceCertificate, RetryRecord, Terminal

#: three heartbeats that did not come, with the jitter a terminal adds to its minute
SILENT_AFTER = timedelta(minutes=4)


def hear(database: Database, terminal_id: str, heartbeat: Heartbeat, now: datetime) -> HeartbeatAnswer:
    """Keep how the terminal is; only the last word is kept. The answer has the orders it has not carried out yet."""
    with database.writing() as session:
        terminal = session.get_one(Terminal, terminal_id)
        terminal.heartbeat = heartbeat.model_dump(mode="json")
        terminal.heard_at = now
        query = select(RetryRecord).where(RetryRecord.terminal_id == terminal_id, RetryRecord.done_at.is_(None))
        orders = list(session.scalars(query.order_by(RetryRecord.ordered_at)))
        done = {str(each) for each in heartbeat.retried}
        for order in orders:
            if order.id in done:
                order.done_at = now
        retry = [
            RetryOrder.model_validate({"id": order.id, "entry": order.entry})
            for order in orders
            if order.done_at is None
        ]
    return HeartbeatAnswer(server_time=now, retry=retry)


def order_retry(database: Database, terminal_id: str, entry: str, now: datetime) -> UUID:
    """Ask a terminal to try a parked entry, or "all", again; the order's id. It gets it with its next heartbeat.

    Asked twice before the terminal has answered, it is one order. Raises RetryRefused.
    """
    with database.writing() as session:
        terminal = session.get(Terminal, terminal_id)
        if terminal is None:
            raise RetryRefused(f"no terminal {terminal_id}; see kiosk-fleet terminals")
        beat = terminal.heartbeat or {}
        named = [each["id"] for each in beat.get("parked", [])]
        if entry != "all" and entry not in named and len(named) == beat.get("outbox_parked", 0):
            raise RetryRefused(f"{terminal_id} has not parked {entry}; see kiosk-fleet terminals")
        try:
            order = RetryOrder.model_validate({"id": uuid4(), "entry": entry})
        except ValueError:
            raise RetryRefused(f"{entry} is neither all nor the id of an entry; see kiosk-fleet terminals") from None
        query = select(RetryRecord).where(
            RetryRecord.terminal_id == terminal_id, RetryRecord.entry == entry, RetryRecord.done_at.is_(None)
        )
        waiting = session.scalars(query).first()
        if waiting is not None:
            return UUID(waiting.id)
        session.add(RetryRecord(id=str(order.id), terminal_id=terminal_id, entry=entry, ordered_at=now))
    return order.id


def overview(database: Database, now: datetime) -> list[dict[str, Any]]:
    """Every terminal: its profile, when and how it was last heard, orders on their way, its certificate's end."""
    with database.reading() as session:
        given = session.scalars(select(DeviceCertificate).where(DeviceCertificate.revoked_at.is_(None)))
        until = _until(given)
        ordered: dict[str, list[str]] = {}
        for order in session.scalars(select(RetryRecord).where(RetryRecord.done_at.is_(None))):
            ordered.setdefault(order.terminal_id, []).append(order.entry)
        return [
            {
                **terminal.profile,
                "online": terminal.heard_at is not None and now - terminal.heard_at < SILENT_AFTER,
                "heard_at": terminal.heard_at,
                "heartbeat": terminal.heartbeat,
                "retry_ordered": ordered.get(terminal.id, []),
                "certificate_expires_at": until.get(terminal.id),
            }
            for terminal in session.scalars(select(Terminal).order_by(Terminal.id))
        ]


def _until(certificates: Iterable[DeviceCertificate]) -> dict[str, datetime]:
    until: dict[str, datetime] = {}
    for given in certificates:
        until[given.terminal_id] = max(given.expires_at, until.get(given.terminal_id, given.expires_at))
    return until
