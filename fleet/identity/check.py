"""What a code held to a scanner says: the platform's own codes are read here, all others by the city's connector."""

from __future__ import annotations

from datetime import UTC, datetime

from contract.logins import OFFLINE_PREFIX, CodeCheck, HelperAnswer, IdentityAnswer, Refusal
from fleet.errors import ServiceUnavailable
from fleet.identity import citizen_codes, helper_codes
from fleet.platform import Platform


def check_code(platform: Platform, code: CodeCheck) -> IdentityAnswer:
    """Whom the code stands for and how surely, or why nobody."""
    raw = code.raw.strip()
    if raw.startswith(OFFLINE_PREFIX):
        return platform.offline_codes.check(raw, code.terminal_id)
    if raw.startswith(citizen_codes.PREFIX):
        return platform.citizen_codes.check(raw, code.terminal_id)
    try:
        return platform.connectors.check_code(code)
    except ServiceUnavailable:
        return IdentityAnswer(refused=_nobody_to_ask(platform, "codes"), checked_at=datetime.now(UTC))


def check_helper(platform: Platform, raw: str, terminal_id: str) -> HelperAnswer:
    """The helper of a work code, or why none."""
    if raw.strip().startswith(helper_codes.PREFIX):
        return platform.helper_codes.check(raw, terminal_id)
    try:
        return platform.connectors.helper(raw)
    except ServiceUnavailable:
        return HelperAnswer(refused=_nobody_to_ask(platform, "helpers"))


def _nobody_to_ask(platform: Platform, table: str) -> Refusal:
    """Without a connector no service is down: the code is just none of ours."""
    connected = {"identity", table} & set(platform.connectors.names)
    return Refusal.UNAVAILABLE if connected else Refusal.UNKNOWN
