"""A phone on its way through pages: how far, and who. Kept sealed, by the hash of its cookie, for some minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from cryptography.exceptions import InvalidTag

from contract.logins import IdentityAnswer
from contract.model import Message
from fleet.database import Database
from fleet.identity.sealing import Cipher, Seal, plain_hash
from fleet.tables import PhoneSession


class Stage(StrEnum):
    """Which page comes next."""

    CODE = "code"
    WHO = "who"
    SMS = "sms"
    #: who is there is known: is this the machine (/device)
    CONFIRM = "confirm"
    #: who is there is known: the form they saved (/saved)
    FILL = "fill"


class PhoneState(Message):
    """What is known so far; at the beginning nothing is kept but the cookie."""

    stage: Stage = Stage.CODE
    #: of the SMS
    challenge: str = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.stage})"

    __str__ = __repr__


class DeviceState(PhoneState):
    """Of a login at a machine (/device)."""

    grant: str = ""
    identity: IdentityAnswer | None = None


State = TypeVar("State", bound=PhoneState)


class PhoneSessions(Generic[State]):
    """Sessions by the cookie's text, of which only the hash is kept."""

    def __init__(
        self, database: Database, beginning: type[State], lifetime: timedelta, cipher_of: Callable[[str], Cipher]
    ) -> None:
        """`lifetime` counts from the last page; `cipher_of` gives what the session of a cookie is sealed with."""
        self._database, self._lifetime, self._cipher_of = database, lifetime, cipher_of
        self.beginning = beginning

    def read(self, cookie: str) -> State:
        """Where the session is; the beginning for one that is not known."""
        with self._database.reading() as session:
            row = session.get(PhoneSession, plain_hash(cookie))
            if row is None or row.expires_at <= datetime.now(UTC):
                return self.beginning()
            content = row.content
        try:
            return self.beginning.model_validate_json(self._cipher_of(cookie).open(content))
        except InvalidTag:  # a cookie of other pages
            return self.beginning()

    def write(self, cookie: str, state: State) -> None:
        """Keep where the session is."""
        content = self._cipher_of(cookie).close(state.model_dump_json())
        row = PhoneSession(id_sha256=plain_hash(cookie), content=content, expires_at=datetime.now(UTC) + self._lifetime)
        with self._database.writing() as session:
            session.merge(row)

    def end(self, cookie: str) -> None:
        """Forget the session."""
        with self._database.writing() as session:
            row = session.get(PhoneSession, plain_hash(cookie))
            if row is not None:
                session.delete(row)


def device_sessions(database: Database, seal: Seal) -> PhoneSessions[DeviceState]:
    """Of logins at a machine, sealed with the platform's key."""
    return PhoneSessions(database, DeviceState, timedelta(minutes=10), lambda _: seal)
