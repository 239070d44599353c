"""Terminals: the profile the platform gives one when it is enrolled, and its heartbeat."""

from __future__ import annotations

from datetime import datetime

from contract.model import Message, Words


class TerminalProfile(Message):
    """GET /api/v1/terminal: who this terminal is (by its client certificate) and where it stands."""

    terminal_id: str
    label: str
    hall: Words
    place: str
    division: str
    phone: str


class DeviceReport(Message):
    """One device in XFS4IoT's words, as `drivers` states it."""

    device: str
    detail: str = ""
    paper: str | None = None
    toner: str | None = None
    media: str | None = None


class Heartbeat(Message):
    """POST /api/v1/heartbeats: how the terminal is, without a word about any citizen."""

    sent_at: datetime
    release_version: int
    outbox_waiting: int
    outbox_parked: int
    devices: dict[str, DeviceReport] = {}


class HeartbeatAnswer(Message):
    """The platform's clock, so that a wrong terminal clock is noticed."""

    server_time: datetime
