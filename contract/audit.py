"""The audit log of a terminal: lines, each with the hash of all before it, and how they come to the platform."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, StrictInt, StrictStr, model_validator

from contract.audit_events import COUNT, EVENTS, ID, Event, Kind
from contract.model import Message

Value = str | int

#: most that a count, and seconds to either side, can say: less than any number a person has
MOST_COUNT, MOST_SECONDS = 10**9, 10**8
#: lines of one batch at most
BATCH = 500
_HASH = r"^[0-9a-f]{64}$"
_AT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def first_hash(chain: str) -> str:
    """What stands before line 1 of a chain."""
    return hashlib.sha256(f"bianmin audit {chain}".encode()).hexdigest()


def line_hash(previous: str, number: int, at: str, event: str, fields: Mapping[str, Value]) -> str:
    """SHA-256, in hex, over a line and the hash before it, as JSON without spaces, keys in order, ASCII alone."""
    text = canonical([previous, number, at, event, dict(fields)])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def canonical(value: object) -> str:
    """The one way to write it."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def fits(event: str, fields: Mapping[str, Value]) -> str:
    """ "" where it is an event of the list with exactly its fields; else what is wrong. Quotes no value."""
    try:
        wanted = EVENTS[Event(event)].fields
    except ValueError:
        return "no event of the list"
    if set(fields) != set(wanted):
        return f"{event} has the fields {sorted(wanted)}"
    wrong = [name for name, kind in wanted.items() if not _is(fields[name], kind)]
    return f"{event}: {wrong[0]} is none" if wrong else ""


def _is(value: object, kind: Kind | tuple[str, ...]) -> bool:
    if isinstance(kind, tuple):
        return value in kind
    if kind is ID:
        return isinstance(value, str) and _ID.fullmatch(value) is not None
    least, most = (0, MOST_COUNT) if kind is COUNT else (-MOST_SECONDS, MOST_SECONDS)
    return type(value) is int and least <= value <= most


class AuditLine(Message):
    """One line."""

    number: int = Field(ge=1)
    at: str = Field(pattern=_AT)
    event: str
    fields: dict[str, StrictInt | StrictStr]
    hash: str = Field(pattern=_HASH)

    @model_validator(mode="after")
    def _an_event(self) -> Self:
        if wrong := fits(self.event, self.fields):
            raise ValueError(wrong)
        return self


@dataclass(frozen=True)
class Broken:
    """The first line that is wrong, and what is wrong with it."""

    number: int
    what: str


def first_broken(lines: Iterable[AuditLine], number: int, previous: str) -> Broken | None:
    """Whether `lines` go on after line `number`, whose hash is `previous`; None where all are right."""
    for line in lines:
        number += 1
        if line.number != number:
            return Broken(number, f"line {line.number} stands in its place")
        if line_hash(previous, number, line.at, line.event, line.fields) != line.hash:
            return Broken(number, "it is not what its hash and the hash before it say")
        previous = line.hash
    return None


class HeadSignature(Message):
    """ECDSA with SHA-256 by the device's key (P-256) over `signed_head`: a head it can be held to later."""

    signature: str = Field(pattern=r"^[0-9a-f]{16,200}$")
    #: X.509 of the device, PEM
    certificate: str = Field(max_length=8192)


def signed_head(chain: UUID, number: int, head: str) -> bytes:
    """The bytes that are signed."""
    return canonical(["bianmin audit head", str(chain), number, head]).encode("ascii")


class AuditBatch(Message):
    """POST /api/v1/audit: the lines of a chain that the platform does not have, the first of them after line `after`.

    A terminal that lost its database begins a new chain.
    """

    chain: UUID
    after: int = Field(ge=0)
    lines: list[AuditLine] = Field(min_length=1, max_length=BATCH)
    #: of the last line
    signed: HeadSignature | None = None


class AuditAnswer(Message):
    """The platform has the chain up to this line."""

    number: int


class AuditRefusal(Message):
    """409. gap: lines between `number`, which the platform has last, and the batch are missing. fork: the line
    `number` came before, and was another. broken: the line `number` does not follow from the one before it.
    """

    reason: Literal["gap", "fork", "broken"]
    number: int
