"""Whoever did not finish a login, what they saved and what their phone sent is forgotten when its time is up."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from fleet.database import Database
from fleet.tables import (
    DeviceGrant,
    OneUseCode,
    PhoneFile,
    PhoneSession,
    PhoneUpload,
    SavedRecord,
    SmsChallenge,
    Wait,
)

#: How long a hash is kept, so that "used" and "expired" can be told from "unknown".
REMEMBERED = timedelta(days=1)


def forget(database: Database, now: datetime) -> None:
    """Wipe people whose code, grant or challenge ran out, what they saved, what phones sent; a day later hashes too."""
    long_ago = now - REMEMBERED
    with database.writing() as session:
        session.execute(update(OneUseCode).where(OneUseCode.expires_at <= now).values(content=None))
        session.execute(update(SmsChallenge).where(SmsChallenge.expires_at <= now).values(person=None))
        over = (DeviceGrant.expires_at <= now) & (
            DeviceGrant.token_expires_at.is_(None) | (DeviceGrant.token_expires_at <= now)
        )
        session.execute(update(SavedRecord).where(SavedRecord.expires_at <= now).values(sealed=None))
        session.execute(update(DeviceGrant).where(over).values(identity=None))
        expired = select(PhoneUpload.lookup_sha256).where(PhoneUpload.expires_at <= now)
        session.execute(delete(PhoneFile).where(PhoneFile.lookup_sha256.in_(expired)))
        session.execute(delete(PhoneSession).where(PhoneSession.expires_at <= now))
        for table in (OneUseCode, SmsChallenge, DeviceGrant, SavedRecord, PhoneUpload):
            session.execute(delete(table).where(table.expires_at <= long_ago))
        session.execute(delete(Wait).where(Wait.forget_at <= now))
