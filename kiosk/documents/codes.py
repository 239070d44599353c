"""Checking a certificate's code without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from kiosk.cose import NotGenuine, signed_claims
from kiosk.documents.errors import CodeError


@dataclass(frozen=True, repr=False)
class VerifiedCode:
    """What a genuine code says; compare it with what the paper says."""

    number: str
    task_code: str
    holder: str
    masked_number: str
    issued_at: datetime
    authority: str

    def __repr__(self) -> str:
        return f"VerifiedCode({self.number})"


def verify_code(text: str, keys: Mapping[str, bytes]) -> VerifiedCode:
    """The content of a code signed by one of `keys` (key id -> 32 bytes of public key).

    Raises CodeError: "not-base45", "not-a-code", "unknown-key" or "bad-signature".
    """
    try:
        content = signed_claims(text, keys)
    except NotGenuine as error:
        raise CodeError(error.reason) from None
    try:
        number, task_code, holder, masked, issued, authority = (content[key] for key in range(1, 7))
        texts = (number, task_code, holder, masked, authority)
        if not all(isinstance(value, str) for value in texts) or not isinstance(issued, int):
            raise ValueError("types")
        return VerifiedCode(number, task_code, holder, masked, datetime.fromtimestamp(issued, UTC), authority)
    except (ValueError, TypeError, KeyError, OverflowError, OSError):
        raise CodeError("not-a-code") from None
