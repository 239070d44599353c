"""The citizen's code (居民码) as the platform makes it itself: the stand-in for a city's code and its phone app."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from contract.codes import Assurance
from contract.identity import Person
from contract.logins import IdentityAnswer, Refusal
from fleet.database import Database
from fleet.identity.one_use import OneUseCodes
from fleet.identity.sealing import Seal

#: Phones refresh their code on a 60 s countdown (电子社保卡).
LIFETIME = timedelta(seconds=60)
PREFIX = "https://code.example.invalid/jmm/"


class CitizenCodes:
    """One-use codes of citizens."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._codes = OneUseCodes(database, seal, "citizen")

    def create(
        self,
        person: Person,
        assurance: Assurance = Assurance.SUBSTANTIAL,
        lifetime: timedelta = LIFETIME,
        terminal_id: str | None = None,
    ) -> str:
        """The text of a new code for `person`, for any terminal or for one."""
        text = PREFIX + secrets.token_urlsafe(24)
        content = IdentityAnswer(person=person, assurance=assurance, checked_at=datetime.now(UTC))
        self._codes.register(text, content, lifetime, terminal_id)
        return text

    def check(self, raw: str, terminal_id: str) -> IdentityAnswer:
        """Whom the code stands for, once; or UNKNOWN, USED, EXPIRED, OTHER_TERMINAL."""
        now = datetime.now(UTC)
        taken = self._codes.take(raw.strip(), terminal_id)
        if isinstance(taken, Refusal):
            return IdentityAnswer(refused=taken, checked_at=now)
        return IdentityAnswer.model_validate_json(taken).model_copy(update={"checked_at": now})
