"""Terminals: the profile the platform gives one when it is enrolled, and its heartbeat."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from contract.model import Message, Words


class SiteRules(Message):
    """What the place a terminal stands in asks of a visit."""

    #: lifting the ID card that began the visit ends it
    card_stays: bool = False
    #: an ID card opens a visit, or makes surer in one, only with the face on it
    face_at_login: bool = False
    #: 实施编码 an offline code opens, "*" for all; empty: offline codes are not taken
    offline_opens: list[str] = []
    #: days an application saved here is kept (存起来，以后再办), 30 at the most; 0: nothing is saved
    saved_days: int = Field(default=7, ge=0)


class TerminalProfile(Message):
    """GET /api/v1/terminal: who this terminal is (by its client certificate) and where it stands."""

    terminal_id: str
    label: str
    hall: Words
    place: str
    division: str
    phone: str
    site: SiteRules = SiteRules()


class SupplyReport(Message):
    """Something that is used up: percent left, and the percent under which somebody should bring more."""

    name: str
    level: int | None = None
    low_at: int | None = None


class FaultReport(Message):
    """A fault that lasts: since when, and how often it began since the terminal started."""

    code: str
    severity: Literal["warning", "error"]
    since: datetime
    count: int


class DeviceReport(Message):
    """One device in XFS4IoT's words, as `drivers` states it."""

    device: str
    detail: str = ""
    paper: str | None = None
    toner: str | None = None
    media: str | None = None
    cover_open: bool | None = None
    supplies: list[SupplyReport] = []
    faults: list[FaultReport] = []


class StoreRescue(Message):
    """A terminal's database was damaged and set aside: undelivered entries kept, and found but unreadable (lost)."""

    at: datetime
    kept: int
    lost: int


class ParkReason(StrEnum):
    """Why a terminal has stopped trying to deliver something; it keeps it all the same."""

    #: the platform answers that it cannot be taken (4xx)
    REFUSED = "refused"
    #: the platform holds other content under the same id (409)
    CONFLICT = "conflict"
    #: longer than the platform takes (413)
    TOO_LARGE = "too_large"
    #: what is kept does not open: sealed with another key, or written by other software
    UNREADABLE = "unreadable"
    #: the store no longer has a material the case names
    MATERIAL_MISSING = "material_missing"
    #: what arrived was not what was sent, again and again (460)
    SPOILT = "spoilt"
    #: the platform's acknowledgements were not of this content, or did not hold when asked again
    CONTRADICTED = "contradicted"
    #: the platform stumbled over it for half a day, while it took others
    STUMBLES = "stumbles"


class ParkedEntry(Message):
    """Something that waits for an operator. `id` is the case's or the rating's."""

    id: UUID
    kind: Literal["case", "rating"]
    reason: ParkReason
    since: datetime


class RetryOrder(Message):
    """An operator's word: try the parked entry `entry` again, or all of them. `id` makes it idempotent."""

    id: UUID
    entry: UUID | Literal["all"]


#: parked entries a heartbeat names; `outbox_parked` counts them all
MOST_NAMED = 50


class Heartbeat(Message):
    """POST /api/v1/heartbeats: how the terminal is, without a word about any citizen.

    `retried` are the ids of retry orders that were carried out, until the platform no longer sends them.
    """

    sent_at: datetime
    release_version: int
    outbox_waiting: int
    outbox_parked: int
    #: why the newest release is not the one in use, or what was damaged; "" when all is well
    release_problem: str = Field(default="", max_length=200)
    #: why the platform does not take the audit log (docs/audit.md); "" when all is well
    audit_problem: str = Field(default="", max_length=100)
    #: when the oldest entry that still waits was made
    waiting_since: datetime | None = None
    parked: list[ParkedEntry] = Field(default=[], max_length=MOST_NAMED)
    retried: list[UUID] = []
    devices: dict[str, DeviceReport] = {}
    #: who holds the key that citizens' data is sealed with: tpm, systemd-creds, development; "" where not said
    key_holder: str = ""
    store_rescue: StoreRescue | None = None


class HeartbeatAnswer(Message):
    """The platform's clock, so that a wrong terminal clock is noticed, and what operators ask of the terminal."""

    server_time: AwareDatetime
    retry: list[RetryOrder] = []
