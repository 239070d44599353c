"""What a connector answers to a question its service does not know: a base for those that know only some."""

from __future__ import annotations

from datetime import UTC, datetime

from contract.identity import Company, Person
from contract.logins import CodeCheck, HelperAnswer, IdentityAnswer, Refusal


class Unconnected:
    """Knows nobody."""

    def check_code(self, code: CodeCheck) -> IdentityAnswer:
        """UNKNOWN."""
        return IdentityAnswer(refused=Refusal.UNKNOWN, checked_at=datetime.now(UTC))

    def person(self, number: str, mobile: str) -> Person | None:
        """None."""
        return None

    def companies(self, number: str) -> list[Company]:
        """None at all."""
        return []

    def helper(self, raw: str) -> HelperAnswer:
        """UNKNOWN."""
        return HelperAnswer(refused=Refusal.UNKNOWN)

    def ready(self) -> None:
        """Nothing to ask."""
