"""A phone on its way through the pages of /saved: what it has there is sealed under its own cookie.

The platform keeps a hash of the cookie and bytes it can open only while the phone asks: nothing here can read a
citizen's answers afterwards, with the database and every key of the platform.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from contract.saving import SavedApplication
from fleet.database import Database
from fleet.identity.phone_sessions import PhoneSessions, PhoneState
from fleet.identity.sealing import Cipher

#: Papers are looked for while a form is filled in.
LIFETIME = timedelta(minutes=30)


class SavedState(PhoneState):
    """Of a saved application."""

    code: str = ""
    number: str = ""
    saved: SavedApplication | None = None
    expires_at: datetime | None = None
    #: the form was another one when it was saved
    changed: bool = False


def saved_sessions(database: Database) -> PhoneSessions[SavedState]:
    """Sealed with a key made of the cookie, which the platform does not keep."""
    return PhoneSessions(database, SavedState, LIFETIME, _cipher)


def _cipher(cookie: str) -> Cipher:
    return Cipher(hmac.digest(cookie.encode(), b"saved application", "sha256"))
