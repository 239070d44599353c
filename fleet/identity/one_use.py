"""Codes that are good once and for a short time: of citizens and of helpers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from contract.logins import Refusal
from contract.model import Message
from fleet.database import Database
from fleet.identity.forgetting import forget
from fleet.identity.sealing import Seal, plain_hash
from fleet.tables import OneUseCode


class OneUseCodes:
    """The codes of one kind. Only hashes of their texts are kept, and whom they stand for only until they are used."""

    def __init__(self, database: Database, seal: Seal, kind: str) -> None:
        self._database, self._seal, self._kind = database, seal, kind

    def register(self, text: str, content: Message, lifetime: timedelta, terminal_id: str | None = None) -> None:
        """From now on `text` stands for `content`, at any terminal or at one."""
        now = datetime.now(UTC)
        forget(self._database, now)
        code = OneUseCode(
            sha256=plain_hash(text),
            kind=self._kind,
            content=self._seal.close(content.model_dump_json()),
            terminal_id=terminal_id,
            expires_at=now + lifetime,
        )
        with self._database.writing() as session:
            session.add(code)

    def take(self, text: str, terminal_id: str) -> str | Refusal:
        """What was registered (JSON), once; or why not. A code for another terminal stays usable there."""
        now = datetime.now(UTC)
        with self._database.writing() as session:
            code = session.get(OneUseCode, plain_hash(text), with_for_update=True)
            if code is None or code.kind != self._kind:
                return Refusal.UNKNOWN
            if code.terminal_id not in (None, terminal_id):
                return Refusal.OTHER_TERMINAL
            if code.used_at is not None:
                return Refusal.USED
            content, code.content = code.content, None
            if code.expires_at <= now or content is None:
                return Refusal.EXPIRED
            code.used_at = now
            return self._seal.open(content)

    def take_signed(self, text: str, expires_at: datetime) -> Refusal | None:
        """Note that a signed code of this text was taken: None the first time, then USED."""
        code = OneUseCode(sha256=plain_hash(text), kind=self._kind, expires_at=expires_at, used_at=datetime.now(UTC))
        try:
            with self._database.writing() as session:
                session.add(code)
        except IntegrityError:
            return Refusal.USED
        return None
