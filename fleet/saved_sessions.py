"""A phone on its way through the pages of /saved: what it has there is sealed under its own cookie.

The platform keeps a hash of the cookie and bytes it can open only while the phone asks: nothing here can read a
citizen's answers afterwards, with the database and every key of the platform.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contract.model import Message
from contract.saving import SavedApplication
from fleet.database import Database
from fleet.identity.sealing import plain_hash
from fleet.tables import PhoneSession

#: Papers are looked for while a form is filled in.
LIFETIME = timedelta(minutes=30)
_NONCE = 12  # bytes, NIST SP 800-38D


class SavedStage(StrEnum):
    """Which page comes next."""

    CODE = "code"
    WHO = "who"
    SMS = "sms"
    FILL = "fill"


class SavedState(Message):
    """What is known so far."""

    stage: SavedStage = SavedStage.CODE
    code: str = ""
    challenge: str = ""
    number: str = ""
    saved: SavedApplication | None = None
    expires_at: datetime | None = None
    #: the form was another one when it was saved
    changed: bool = False

    def __repr__(self) -> str:
        return f"SavedState({self.stage})"

    __str__ = __repr__


class SavedSessions:
    """Sessions by the cookie's text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, cookie: str) -> SavedState:
        """Where the session is; the beginning for one that is not known."""
        with self._database.reading() as session:
            row = session.get(PhoneSession, plain_hash(cookie)) if cookie else None
            if row is None or row.expires_at <= datetime.now(UTC):
                return SavedState()
            content = row.content
        try:
            plain = _cipher(cookie).decrypt(content[:_NONCE], content[_NONCE:], None)
        except InvalidTag:  # a cookie of the other pages
            return SavedState()
        return SavedState.model_validate_json(plain)

    def write(self, cookie: str, state: SavedState) -> None:
        """Keep where the session is, for another half an hour."""
        nonce = secrets.token_bytes(_NONCE)
        content = nonce + _cipher(cookie).encrypt(nonce, state.model_dump_json().encode(), None)
        row = PhoneSession(id_sha256=plain_hash(cookie), content=content, expires_at=datetime.now(UTC) + LIFETIME)
        with self._database.writing() as session:
            session.merge(row)

    def end(self, cookie: str) -> None:
        """Forget the session."""
        with self._database.writing() as session:
            row = session.get(PhoneSession, plain_hash(cookie))
            if row is not None:
                session.delete(row)


def _cipher(cookie: str) -> AESGCM:
    return AESGCM(hmac.digest(cookie.encode(), b"saved application", "sha256"))
