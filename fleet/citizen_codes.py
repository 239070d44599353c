"""One-use citizen codes (居民码): the stand-in for the city's identity platform and the citizen's phone."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import update

from contract.identity import CodeAnswer, Person
from fleet.database import Database
from fleet.errors import CodeRefused
from fleet.tables import CitizenCode

#: Phones refresh their code on a 60 s countdown (电子社保卡).
LIFETIME = timedelta(seconds=60)


def create_code(database: Database, people: Path, number: str, lifetime: timedelta = LIFETIME) -> str:
    """The text of a new code for the person of ID number `number` in `people` (JSON: a list of Person).

    Raises CodeRefused when the file cannot be read or nobody in it has that number.
    """
    person = _person(people, number)
    text = f"https://code.example.invalid/jmm/{secrets.token_urlsafe(24)}"
    expires_at = datetime.now(UTC) + lifetime
    with database.writing() as session:
        session.execute(update(CitizenCode).where(CitizenCode.expires_at <= datetime.now(UTC)).values(person={}))
        session.add(CitizenCode(sha256=_hash(text), person=person.model_dump(mode="json"), expires_at=expires_at))
    return text


def check_code(database: Database, raw: str) -> CodeAnswer:
    """Who the code stands for, once; otherwise `refused`: "unknown", "used" or "expired"."""
    now = datetime.now(UTC)
    with database.writing() as session:
        code = session.get(CitizenCode, _hash(raw.strip()))
        if code is None:
            return CodeAnswer(refused="unknown", checked_at=now)
        if code.used_at is not None:
            return CodeAnswer(refused="used", checked_at=now)
        if code.expires_at <= now:
            return CodeAnswer(refused="expired", checked_at=now)
        person = Person.model_validate(code.person)
        code.used_at, code.person = now, {}
        return CodeAnswer(person=person, checked_at=now)


def _person(people: Path, number: str) -> Person:
    try:
        entries = json.loads(people.read_text(encoding="utf-8"))
        if isinstance(entries, dict):
            entries = entries["people"]
        found = next((entry for entry in entries if entry["number"] == number), None)
        person = _as_person(found) if found else None
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        raise CodeRefused(f"{people} is not a list of people with name and number; see contract/identity.py") from None
    if person is None:
        raise CodeRefused(f"nobody in {people} has this ID number")
    return person


def _as_person(entry: dict[str, str]) -> Person:
    """An entry of the file; births may be written as cards have them, 19920318."""
    known = {key: value for key, value in entry.items() if key in Person.model_fields}
    if "birth" in known:
        known["birth"] = date.fromisoformat(known["birth"]).isoformat()
    return Person.model_validate(known)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
