"""The terminal's code for a phone: OAuth 2.0 device authorization (RFC 8628), what stands behind its addresses."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.logins import DeviceAuthorization, IdentityAnswer
from fleet.database import Database
from fleet.identity.forgetting import forget
from fleet.identity.sealing import Seal, plain_hash
from fleet.tables import DeviceGrant

#: RFC 8628 section 6.1: no vowels, so no words; 20^8 codes.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LIFETIME = timedelta(minutes=5)
INTERVAL = 5
#: An access token is used at once, by the terminal that polled.
TOKEN_LIFETIME = timedelta(seconds=60)
#: A poll that is this much early, by the network's doing, is not too fast (seconds).
EARLY = 0.5
PENDING, APPROVED, DENIED, USED = "pending", "approved", "denied", "used"


class TokenRefused(Exception):
    """`error` is the RFC's name for it."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class Waiting:
    """A grant that waits for its phone."""

    device_sha256: str
    terminal_id: str
    asked_at: datetime


class DeviceGrants:
    """Grants from the terminal's first request to the one answer it gets."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database, self._seal = database, seal

    def begin(self, terminal_id: str, page: str) -> DeviceAuthorization:
        """A new grant; `page` is the address of the phone's page."""
        now = datetime.now(UTC)
        forget(self._database, now)
        device_code = secrets.token_urlsafe(32)
        letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
        user_code = f"{letters[:4]}-{letters[4:]}"
        grant = DeviceGrant(
            device_sha256=plain_hash(device_code),
            user_hash=self._user_hash(user_code),
            terminal_id=terminal_id,
            created_at=now,
            expires_at=now + LIFETIME,
            interval=INTERVAL,
            state=PENDING,
        )
        with self._database.writing() as session:
            session.add(grant)
        return DeviceAuthorization(
            device_code=device_code,
            user_code=user_code,
            verification_uri=page,
            verification_uri_complete=f"{page}?user_code={user_code}",
            expires_in=int(LIFETIME.total_seconds()),
            interval=INTERVAL,
        )

    def token(self, terminal_id: str, device_code: str) -> tuple[str, int]:
        """An access token and its seconds, once the phone approved.

        Raises TokenRefused: invalid_grant, expired_token, slow_down, access_denied, authorization_pending.
        """
        token = secrets.token_urlsafe(32)
        with self._database.writing() as session:
            error = self._poll(session, terminal_id, device_code, token)
        if error:
            raise TokenRefused(error)
        return token, int(TOKEN_LIFETIME.total_seconds())

    def _poll(self, session: Session, terminal_id: str, device_code: str, token: str) -> str:
        now = datetime.now(UTC)
        grant = session.get(DeviceGrant, plain_hash(device_code), with_for_update=True)
        if grant is None or grant.terminal_id != terminal_id or grant.state == USED:
            return "invalid_grant"
        if grant.expires_at <= now:
            grant.identity = None
            return "expired_token"
        before, grant.polled_at = grant.polled_at, now
        if before is not None and (now - before).total_seconds() < grant.interval - EARLY:
            grant.interval += 5  # section 3.5: for this and all subsequent requests
            return "slow_down"
        if grant.state != APPROVED:
            return {PENDING: "authorization_pending", DENIED: "access_denied"}[grant.state]
        grant.state, grant.token_sha256, grant.token_expires_at = USED, plain_hash(token), now + TOKEN_LIFETIME
        return ""

    def userinfo(self, terminal_id: str, token: str) -> IdentityAnswer | None:
        """Who approved, once, to the terminal that asked; None for any other token."""
        now = datetime.now(UTC)
        with self._database.writing() as session:
            query = select(DeviceGrant).where(DeviceGrant.token_sha256 == plain_hash(token)).with_for_update()
            grant = session.scalars(query).one_or_none()
            if grant is None or grant.terminal_id != terminal_id or grant.identity is None:
                return None
            sealed, grant.identity = grant.identity, None
            if grant.token_expires_at is None or grant.token_expires_at <= now:
                return None
        return IdentityAnswer.model_validate_json(self._seal.open(sealed)).model_copy(update={"checked_at": now})

    def waiting(self, user_code: str) -> Waiting | None:
        """The grant a citizen's typed code belongs to, while it can be decided; dashes, spaces, case do not count."""
        with self._database.reading() as session:
            query = select(DeviceGrant).where(DeviceGrant.user_hash == self._user_hash(user_code))
            return _waiting(session.scalars(query).one_or_none())

    def still_waiting(self, device_sha256: str) -> Waiting | None:
        """As `waiting`, for a grant that was found before."""
        with self._database.reading() as session:
            return _waiting(session.get(DeviceGrant, device_sha256))

    def decide(self, device_sha256: str, identity: IdentityAnswer | None) -> bool:
        """Approve with `identity`, or deny; False when that is no longer possible."""
        with self._database.writing() as session:
            grant = session.get(DeviceGrant, device_sha256, with_for_update=True)
            if grant is None or _waiting(grant) is None:
                return False
            grant.state = DENIED if identity is None else APPROVED
            grant.identity = None if identity is None else self._seal.close(identity.model_dump_json())
        return True

    def _user_hash(self, user_code: str) -> str:
        letters = "".join(character for character in user_code.upper() if character in ALPHABET)
        return self._seal.keyed_hash("user code", letters)


def _waiting(grant: DeviceGrant | None) -> Waiting | None:
    if grant is None or grant.state != PENDING or grant.expires_at <= datetime.now(UTC):
        return None
    return Waiting(grant.device_sha256, grant.terminal_id, grant.created_at)
