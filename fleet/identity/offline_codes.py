"""Offline codes (离线码): a CWT (RFC 8392) in COSE_Sign1, made for the citizen's phone.

Terminals read it while there is no network; one that has a network hands the text over like any other code, and it
is taken once.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta

import base45
import cbor2

from contract.codes import Assurance
from contract.identity import Person
from contract.logins import OFFLINE_PREFIX, IdentityAnswer, OfflineClaim, Refusal
from fleet.cose import SigningKey, signed_payload
from fleet.database import Database
from fleet.identity.one_use import OneUseCodes
from fleet.identity.sealing import Seal

#: A phone makes the next one long before, as long as it has a network.
LIFETIME = timedelta(minutes=10)
#: Clocks of phones' makers and terminals differ by minutes.
CLOCK_SLACK = timedelta(minutes=5)
ISSUER = "bianmin"


class OfflineCodes:
    """Signed codes, made and taken."""

    def __init__(self, database: Database, seal: Seal, key: SigningKey) -> None:
        self._taken = OneUseCodes(database, seal, "offline")
        self._key = key

    def create(
        self,
        person: Person,
        lifetime: timedelta = LIFETIME,
        terminal_id: str | None = None,
        issued_at: datetime | None = None,
    ) -> str:
        """The text of a code for `person`, for any terminal or for one."""
        issued = issued_at or datetime.now(UTC)
        claims: dict[int, object] = {
            OfflineClaim.ISSUER: ISSUER,
            OfflineClaim.EXPIRES: int((issued + lifetime).timestamp()),
            OfflineClaim.ISSUED: int(issued.timestamp()),
            OfflineClaim.ID: secrets.token_bytes(16),
            OfflineClaim.NAME: person.name,
            OfflineClaim.NUMBER: person.number,
        }
        if terminal_id is not None:
            claims[OfflineClaim.AUDIENCE] = terminal_id
        if person.sex:
            claims[OfflineClaim.SEX] = person.sex
        if person.birth:
            claims[OfflineClaim.BIRTH] = person.birth.isoformat()
        payload = cbor2.dumps({int(claim): value for claim, value in claims.items()})
        return OFFLINE_PREFIX + base45.b45encode(self._key.sign(payload)).decode()

    def check(self, raw: str, terminal_id: str) -> IdentityAnswer:
        """Whom the code stands for, once; or UNKNOWN (also: changed), EXPIRED, USED, OTHER_TERMINAL.

        LOW assurance: whoever holds a picture of the code, holds the code.
        """
        now = datetime.now(UTC)
        claims = self._claims(raw)
        if claims is None:
            return IdentityAnswer(refused=Refusal.UNKNOWN, checked_at=now)
        refused = self._refusal(claims, terminal_id, now)
        if refused is not None:
            return IdentityAnswer(refused=refused, checked_at=now)
        return IdentityAnswer(person=_person(claims), assurance=Assurance.LOW, checked_at=now)

    def _claims(self, raw: str) -> dict[int, object] | None:
        try:
            payload = signed_payload(base45.b45decode(raw.strip().removeprefix(OFFLINE_PREFIX)), [self._key.public_key])
        except ValueError:
            return None
        if payload is None:
            return None
        claims = cbor2.loads(payload)
        return claims if isinstance(claims, dict) else None

    def _refusal(self, claims: dict[int, object], terminal_id: str, now: datetime) -> Refusal | None:
        expires, issued, code_id = (claims.get(key) for key in (4, 6, 7))
        if not isinstance(expires, int) or not isinstance(issued, int) or not isinstance(code_id, bytes):
            return Refusal.UNKNOWN
        if claims.get(OfflineClaim.AUDIENCE) not in (None, terminal_id):
            return Refusal.OTHER_TERMINAL
        if datetime.fromtimestamp(expires, UTC) <= now:
            return Refusal.EXPIRED
        if datetime.fromtimestamp(issued, UTC) > now + CLOCK_SLACK:
            return Refusal.UNKNOWN
        return self._taken.take_signed(f"{OFFLINE_PREFIX}{code_id.hex()}", datetime.fromtimestamp(expires, UTC))


def _person(claims: dict[int, object]) -> Person:
    birth = claims.get(OfflineClaim.BIRTH)
    return Person(
        name=str(claims[OfflineClaim.NAME]),
        number=str(claims[OfflineClaim.NUMBER]),
        sex=str(claims.get(OfflineClaim.SEX, "")),
        birth=date.fromisoformat(str(birth)) if birth else None,
    )
