"""Delivering one outbox entry: idempotent, resumable, and never giving up silently."""

from __future__ import annotations

import logging

from pydantic import ValidationError

from contract.cases import Case, CaseAnswer
from contract.ratings import Rating
from offline_cache.cache import Cache
from offline_cache.errors import Busy, Refused, Unreachable, Unreadable
from offline_cache.outbox import Entry
from offline_cache.platform import Platform
from offline_cache.visits import Visit

log = logging.getLogger(__name__)


#: about the terminal and not about its cases: revoked or unknown (403), a certificate out of date (nginx says 400)
SHUT_OUT = (400, 401, 403)
#: tus: the bytes before a cut are still being written; ask again where the upload stands
STILL_WRITING = (409, 423)
#: tus: the platform dropped the half upload, or threw it away because its hash was wrong; begin it again
UPLOAD_GONE = (404, 410, 460)


class Delivery:
    """Delivers what is due. Keeps where each upload stands, so that a cut continues in the middle."""

    def __init__(self, cache: Cache, platform: Platform) -> None:
        self._cache = cache
        self._platform = platform
        self._uploads: dict[str, str] = {}

    def run(self) -> None:
        """Try everything due, once.

        Raises Unreachable when the platform cannot be reached, Refused when it shuts the terminal out: the rest waits.
        """
        for entry in self._cache.outbox.due():
            try:
                visit = self._cache.visits.open(entry.visit)
                self._deliver(entry, visit)
            except Unreachable:
                self._cache.outbox.failed(entry)
                raise
            except Busy as error:
                log.warning("the platform cannot take %s %s now (%s)", entry.kind, entry.id, error)
                self._cache.outbox.failed(entry)
            except Refused as error:
                if error.status in SHUT_OUT:
                    self._cache.outbox.failed(entry)
                    raise
                log.error("%s %s is refused with status %d and parked", entry.kind, entry.id, error.status)
                self._cache.outbox.park(entry, f"status {error.status}")
            except (Unreadable, ValidationError):  # sealed with another key, or by another version of this software
                log.error("%s %s cannot be opened and is parked", entry.kind, entry.id)
                self._cache.outbox.park(entry, "unreadable")

    def _deliver(self, entry: Entry, visit: Visit) -> None:
        body = visit.key.open(entry.sealed, entry.id)
        if entry.kind == "rating":
            self._platform.put_rating(Rating.model_validate_json(body))
            self._cache.outbox.delivered(entry, visit)
        else:
            answer = self._hand_over(Case.model_validate_json(body), visit)
            self._cache.outbox.delivered(entry, visit, answer)
        log.info("%s %s is delivered", entry.kind, entry.id)

    def _hand_over(self, case: Case, visit: Visit) -> CaseAnswer:
        answer = self._platform.put_case(case)
        for digest in answer.missing:
            self._upload(case, digest, self._cache.visits.material(visit, digest))
        if answer.missing:
            answer = self._platform.put_case(case)
        if answer.missing:
            raise Busy("it still misses materials")
        return answer

    def _upload(self, case: Case, digest: str, content: bytes) -> None:
        if digest not in self._uploads:
            self._uploads[digest] = self._platform.create_upload(case.case_id, digest, len(content))
        try:
            self._platform.upload(self._uploads[digest], content)
        except Refused as error:
            if error.status in STILL_WRITING:
                raise Busy("the upload is being written") from None
            del self._uploads[digest]
            if error.status not in UPLOAD_GONE:
                raise
            raise Busy("the upload is gone") from None
        del self._uploads[digest]
