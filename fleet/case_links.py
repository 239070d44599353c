"""Links to a case for the citizen's phone: for a day, for one purpose, and nothing can be found by guessing."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from uuid import UUID

from fleet.identity.sealing import Seal

#: How long a link works: until the citizen is at home and has a printer or a bigger screen.
LASTS = timedelta(days=1)
_TOKEN = re.compile(r"([0-9a-f]{32})\.(\d{9,11})\.([0-9a-f]{64})")


class CaseLinks:
    """Tokens of case, time and a keyed hash of both. `purpose` keeps those of one kind from opening another."""

    def __init__(self, seal: Seal, purpose: str) -> None:
        self._seal, self._purpose = seal, purpose

    def token(self, case_id: UUID, now: datetime) -> str:
        """A token for this case that works from `now` on, for a day."""
        return self._made(case_id.hex, int((now + LASTS).timestamp()))

    def case(self, token: str, now: datetime) -> UUID | None:
        """The case a token names; None for one that is not ours or too old."""
        parts = _TOKEN.fullmatch(token)
        if parts is None or not hmac.compare_digest(self._made(parts[1], int(parts[2])), token):
            return None
        return UUID(parts[1]) if now.timestamp() <= int(parts[2]) else None

    def _made(self, case: str, until: int) -> str:
        return f"{case}.{until}.{self._seal.keyed_hash(self._purpose, f'{case}.{until}')}"
