"""Delivering the outbox, one entry at a time: idempotent, resumable, and never giving up silently."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from uuid import UUID

from pydantic import ValidationError

from contract.cases import Case, CaseAnswer
from contract.terminals import ParkReason
from offline_cache.cache import Cache
from offline_cache.errors import (
    Busy,
    CacheError,
    KeyUnavailable,
    NotUnderstood,
    Refused,
    Stumbles,
    Unreachable,
    Unreadable,
)
from offline_cache.limits import STANDARD, Limits
from offline_cache.outbox import Entry
from offline_cache.platform import Platform
from offline_cache.visits import Visit

log = logging.getLogger(__name__)

#: about the terminal and not about its cases: revoked or unknown (403), a certificate out of date (nginx says 400)
SHUT_OUT = (400, 401, 403)
#: our platform never says this of a case: an address that is not there is somebody else's answer, or an old platform's
NOT_THERE = (404, 405, 406, 410, 421)
#: tus: the bytes before a cut are still being written; ask again where the upload stands
STILL_WRITING = (409, 423)
#: tus: the platform dropped the half upload; begin it again
UPLOAD_GONE = (404, 410)
#: tus checksum: all has arrived and its hash is another; the platform threw it away
WRONG_HASH = 460

_REASONS = {409: ParkReason.CONFLICT, 413: ParkReason.TOO_LARGE}


class _Objection(CacheError):
    """What is to be held against an entry, and nothing else."""

    def __init__(self, reason: ParkReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Delivery:
    """Delivers what is due."""

    def __init__(self, cache: Cache, platform: Platform, limits: Limits = STANDARD) -> None:
        self._cache = cache
        self._outbox = cache.outbox
        self._platform = platform
        self._limits = limits

    def run(self) -> bool:
        """Try what is due, by turns, for one round at most; whether the platform answered anything well.

        Raises Unreachable when the platform cannot be reached, Refused when it shuts the terminal out: the rest waits.
        """
        end, well = time.monotonic() + self._limits.round, False
        while time.monotonic() < end and (entry := self._outbox.next_due()) is not None:
            self._outbox.trying(entry)
            well = self._try(entry) or well
        return well

    def _try(self, entry: Entry) -> bool:
        try:
            visit = self._cache.visits.open(entry.visit)
            self._deliver(entry, visit)
        except (Unreachable, Refused) as error:
            if isinstance(error, Unreachable) or error.status in SHUT_OUT:
                self._outbox.failed(entry)
                raise
            self._object(entry, _reason(error.status))
        except (Stumbles, NotUnderstood) as error:
            log.warning("an answer to %s %s is of no use (%s)", entry.kind, entry.id, error)
            self._object(entry, ParkReason.STUMBLES)
        except Busy as error:
            log.warning("the platform cannot take %s %s now (%s)", entry.kind, entry.id, error)
            self._outbox.failed(entry)
        except KeyUnavailable as error:
            log.error("%s %s cannot be opened now: %s", entry.kind, entry.id, error)
            self._outbox.failed(entry)
        except _Objection as objection:
            self._object(entry, objection.reason)
        except (Unreadable, ValidationError):  # sealed with another key, or by another version of this software
            self._object(entry, ParkReason.UNREADABLE)
        else:
            return True
        return False

    def _object(self, entry: Entry, reason: ParkReason) -> None:
        if self._outbox.objected(entry, reason):
            log.error("%s %s is parked: %s", entry.kind, entry.id, reason)
        else:
            log.warning("%s %s was not taken: %s", entry.kind, entry.id, reason)

    def _deliver(self, entry: Entry, visit: Visit) -> None:
        body, answer = visit.key.open(entry.sealed, entry.id), None
        if entry.kind == "rating":
            self._platform.put_rating(UUID(entry.id), body)
        else:
            answer = self._hand_over(entry, body, visit)
            if answer is None:
                return
        if entry.state == "acknowledged":
            self._outbox.delivered(entry, visit)
        else:
            self._outbox.acknowledged(entry, visit, answer, self._limits.second_look)
        log.info("%s %s is %s", entry.kind, entry.id, "delivered" if entry.state == "acknowledged" else "acknowledged")

    def _hand_over(self, entry: Entry, body: bytes, visit: Visit) -> CaseAnswer | None:
        """The answer to a case of which everything is there; None where its turn ended before."""
        case_id, named = UUID(entry.id), Case.model_validate_json(body).hashes
        answer = self._platform.put_case(case_id, body)
        if entry.state == "acknowledged":
            self._still_holds(entry, visit, answer)
            return answer
        if not set(answer.missing) <= set(named):
            raise NotUnderstood("it asks for a material the case does not name")
        if answer.missing:
            end = time.monotonic() + self._limits.turn
            for digest in dict.fromkeys(answer.missing):
                if not self._upload(entry, digest, visit, lambda: time.monotonic() < end):
                    return None
            answer = self._platform.put_case(case_id, body)
        if answer.missing or not answer.case_number:
            # it said that the uploads are whole
            for digest in named:
                self._outbox.upload_gone(entry, digest)
            raise _Objection(ParkReason.CONTRADICTED)
        return answer

    def _still_holds(self, entry: Entry, visit: Visit, answer: CaseAnswer) -> None:
        """The second look: raises _Objection where the platform has it no more, or as another case."""
        before = self._outbox.answer(visit, entry.id)
        if answer.missing or before is None or answer.case_number != before.case_number:
            raise _Objection(ParkReason.CONTRADICTED)

    def _upload(self, entry: Entry, digest: str, visit: Visit, goes_on: Callable[[], bool]) -> bool:
        try:
            content = self._cache.visits.material(visit, digest)
        except Unreadable:
            raise _Objection(ParkReason.MATERIAL_MISSING) from None
        location = self._outbox.upload_location(entry, digest)
        if location is None:
            location = self._platform.create_upload(UUID(entry.id), digest, len(content))
            self._outbox.upload_begun(entry, digest, location)
        try:
            whole = self._platform.upload(location, content, goes_on)
        except Refused as error:
            if error.status in SHUT_OUT:
                raise
            if error.status in STILL_WRITING:
                raise Busy("the upload is being written") from None
            self._outbox.upload_gone(entry, digest)
            if error.status in UPLOAD_GONE:
                raise Busy("the upload is gone") from None
            raise _Objection(ParkReason.SPOILT if error.status == WRONG_HASH else _reason(error.status)) from None
        except NotUnderstood:
            self._outbox.upload_gone(entry, digest)
            raise
        return whole and goes_on()


def _reason(status: int) -> ParkReason:
    return ParkReason.STUMBLES if status in NOT_THERE else _REASONS.get(status, ParkReason.REFUSED)
