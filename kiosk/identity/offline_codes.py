"""离线码: a signed code of a citizen's phone, read while there is no network. See contract/logins.py for its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from contract.identity import Person
from contract.logins import OFFLINE_PREFIX, OfflineClaim
from kiosk.cose import NotGenuine, signed_claims
from kiosk.identity.numbers import is_id_number

#: seconds a phone's and the terminal's clock may differ
SKEW = 60
#: seconds: a code that says it lives longer is refused, whoever signed it
LONGEST_LIFE = 900


class CodeProblem(Exception):
    """An offline code does not open anything. `reason` is one of

    not-base45, not-a-code, unknown-key, bad-signature (a byte was changed), expired, not-yet-valid,
    other-terminal, used, clock-set-back.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class OfflineCode:
    """A genuine code: whose, which one, and until when (seconds since 1970)."""

    holder: Person
    id: bytes = field(repr=False)
    issued: int
    expires: int
    audience: str = ""


def is_offline_code(text: str) -> bool:
    """Whether this text says that it is one."""
    return text.startswith(OFFLINE_PREFIX)


def read_offline_code(text: str, keys: Mapping[str, bytes], now: float, terminal_id: str = "") -> OfflineCode:
    """The code, if one of `keys` (kid -> 32 bytes) signed it, it holds at `now` and is for this terminal or for any.

    With terminal_id "" the audience is not judged. Raises CodeProblem. Whether it was used is the cache's to say.
    """
    if not is_offline_code(text):
        raise CodeProblem("not-a-code")
    try:
        claims = signed_claims(text.removeprefix(OFFLINE_PREFIX), keys)
    except NotGenuine as error:
        raise CodeProblem(error.reason) from None
    code = _understood(claims)
    if now > code.expires or code.expires - code.issued > LONGEST_LIFE:
        raise CodeProblem("expired")
    if now < code.issued - SKEW:
        raise CodeProblem("not-yet-valid")
    if terminal_id and code.audience not in ("", terminal_id):
        raise CodeProblem("other-terminal")
    return code


def _understood(claims: Mapping[object, object]) -> OfflineCode:
    try:
        issued, expires, identifier = (
            claims[claim] for claim in (OfflineClaim.ISSUED, OfflineClaim.EXPIRES, OfflineClaim.ID)
        )
        name, number, sex, birth = (
            claims.get(claim, "")
            for claim in (OfflineClaim.NAME, OfflineClaim.NUMBER, OfflineClaim.SEX, OfflineClaim.BIRTH)
        )
        audience = claims.get(OfflineClaim.AUDIENCE, "")
        texts = (name, number, sex, birth, audience)
        if not isinstance(identifier, bytes) or not all(isinstance(text, str) for text in texts):
            raise TypeError("claims")
        if type(issued) is not int or type(expires) is not int or not identifier or not name:
            raise TypeError("claims")
        if not is_id_number(str(number)):
            raise ValueError("number")
        holder = Person(
            name=str(name), number=str(number), sex=str(sex), birth=date.fromisoformat(str(birth)) if birth else None
        )
    except (KeyError, TypeError, ValueError):
        raise CodeProblem("not-a-code") from None
    return OfflineCode(holder, identifier, issued, expires, str(audience))
