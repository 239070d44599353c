"""A phone on its way through /device: which grant, how far, who. Sealed, and gone with the grant."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from contract.logins import IdentityAnswer
from contract.model import Message
from fleet.database import Database
from fleet.identity.sealing import Seal, plain_hash
from fleet.tables import PhoneSession

LIFETIME = timedelta(minutes=10)


class Stage(StrEnum):
    """Which page comes next."""

    CODE = "code"
    WHO = "who"
    SMS = "sms"
    CONFIRM = "confirm"


class PhoneState(Message):
    """What is known so far; without a grant nothing is kept but the cookie."""

    stage: Stage = Stage.CODE
    grant: str = ""
    challenge: str = ""
    identity: IdentityAnswer | None = None

    def __repr__(self) -> str:
        return f"PhoneState({self.stage})"

    __str__ = __repr__


class PhoneSessions:
    """Sessions by the cookie's text, of which only the hash is kept."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database, self._seal = database, seal

    @staticmethod
    def new_cookie() -> str:
        """A cookie nobody can guess."""
        return secrets.token_urlsafe(32)

    def csrf(self, cookie: str) -> str:
        """What the forms of this session's pages carry: another site knows neither this nor the cookie."""
        return self._seal.keyed_hash("csrf", cookie)

    def read(self, cookie: str) -> PhoneState:
        """Where the session is; the beginning for one that is not known."""
        with self._database.reading() as session:
            row = session.get(PhoneSession, plain_hash(cookie)) if cookie else None
            if row is None or row.expires_at <= datetime.now(UTC):
                return PhoneState()
            return PhoneState.model_validate_json(self._seal.open(row.content))

    def write(self, cookie: str, state: PhoneState) -> None:
        """Keep where the session is."""
        content = self._seal.close(state.model_dump_json())
        row = PhoneSession(id_sha256=plain_hash(cookie), content=content, expires_at=datetime.now(UTC) + LIFETIME)
        with self._database.writing() as session:
            session.merge(row)

    def end(self, cookie: str) -> None:
        """Forget the session."""
        with self._database.writing() as session:
            row = session.get(PhoneSession, plain_hash(cookie))
            if row is not None:
                session.delete(row)
