"""The audit log on its way to the platform: in batches, in order, each head signed with the device's key."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from contract.audit import AuditAnswer, AuditBatch, AuditRefusal, HeadSignature, signed_head
from offline_cache.audit import AuditLog
from offline_cache.errors import Busy, Refused
from offline_cache.facts import Facts
from offline_cache.platform import Platform, understood

log = logging.getLogger(__name__)

#: seconds between two looks for new lines
EVERY = 30.0
#: seconds after a refusal: only a person can mend that
AFTER_REFUSAL = 3600.0
#: the fact that names what the platform refused
PROBLEM = "audit_problem"


class AuditDelivery:
    """Hands over what the platform does not have."""

    def __init__(self, audit: AuditLog, facts: Facts, platform: Platform, pki: Path) -> None:
        self._audit, self._facts, self._platform, self._pki = audit, facts, platform, pki
        self._next = 0.0

    def run(self) -> None:
        """Hand over all there is, now and then. Raises Unreachable, CacheFull."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY
        try:
            self._deliver()
        except Busy as error:
            log.info("the platform cannot take the audit log now (%s)", error)
        except Refused as error:
            self._stop(f"status {error.status}")

    def _deliver(self) -> None:
        while batch := self._batch():
            answer = self._platform.call("POST", "/api/v1/audit", batch.model_dump_json(), refusals=(409,))
            if answer.status_code == 409:
                refusal = understood(AuditRefusal, answer)
                # a platform that was set back asks for what it had
                if refusal.reason == "gap" and refusal.number < batch.after and self._audit.delivered(refusal.number):
                    continue
                self._stop(f"{refusal.reason} at line {refusal.number}")
                return
            number = understood(AuditAnswer, answer).number
            if number <= batch.after or not self._audit.delivered(number):
                self._stop(f"the platform has {number} lines")
                return
            if self._facts.ask(PROBLEM):
                self._facts.tell(PROBLEM, "")

    def _batch(self) -> AuditBatch | None:
        try:
            batch = self._audit.undelivered()
        except ValueError:
            self._stop("a line here was changed")
            return None
        try:
            return batch and batch.model_copy(update={"signed": self._signed(batch)})
        except (OSError, ValueError):
            self._stop("the device key cannot be read")
            return None

    def _signed(self, batch: AuditBatch) -> HeadSignature:
        key = serialization.load_pem_private_key((self._pki / "device.key").read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the device key is not an elliptic-curve key")
        last = batch.lines[-1]
        content = signed_head(batch.chain, last.number, last.hash)
        return HeadSignature(
            signature=key.sign(content, ec.ECDSA(hashes.SHA256())).hex(),
            certificate=(self._pki / "device.crt").read_text("ascii"),
        )

    def _stop(self, problem: str) -> None:
        log.error("the platform does not take the audit log: %s", problem)
        self._facts.tell(PROBLEM, problem)
        self._next = time.monotonic() + AFTER_REFUSAL
