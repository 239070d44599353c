"""What a terminal asks the platform about who is there. Citizens wait for these: every call has a short limit."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlencode

from pydantic_core import from_json  # bounds nesting, where json.loads ends in a RecursionError

from contract.identity import Company
from contract.logins import (
    CodeCheck,
    Companies,
    CompaniesFor,
    DeviceAuthorization,
    HelperAnswer,
    HelperCheck,
    IdentityAnswer,
    Refusal,
    SmsCheck,
    SmsRequest,
    SmsSent,
)
from contract.model import Message
from offline_cache.errors import Busy
from offline_cache.platform import M, Platform, understood

#: seconds for the platform's answer, as live terminals allow: the platform itself asks the city's service
ANSWER_SECONDS = 6.0
_IDENTITY = "/api/v1/identity"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
#: RFC 6749 section 5.2 answers errors with 400, and a wrong client with 401
_OAUTH_ERRORS = (400, 401)

#: RFC 8628 section 3.5, and what else ends the waiting for a phone
PhoneWaits = Literal["authorization_pending", "slow_down"]
PhoneEnds = Literal["access_denied", "expired_token", "refused"]


class IdentityService:
    """The identity part of the fleet server. Every call raises PlatformError."""

    def __init__(self, platform: Platform, terminal_id: str) -> None:
        self._platform = platform
        self._terminal_id = terminal_id

    def check_code(self, check: CodeCheck) -> IdentityAnswer:
        """Whose code this is."""
        return _whole(self._ask("code", check, IdentityAnswer))

    def send_sms(self, number: str, mobile: str) -> SmsSent:
        """Ask for a code by SMS."""
        return self._ask("sms", SmsRequest(number=number, mobile=mobile), SmsSent)

    def check_sms(self, challenge: str, code: str) -> IdentityAnswer:
        """Whose number the six digits were sent to."""
        return _whole(self._ask("sms-check", SmsCheck(challenge=challenge, code=code), IdentityAnswer))

    def companies(self, number: str) -> list[Company]:
        """The companies this person may act for."""
        answer = self._ask("companies", CompaniesFor(number=number), Companies)
        if answer.refused is Refusal.UNAVAILABLE:
            raise Busy("the register of companies")
        return answer.companies

    def check_helper(self, raw: str) -> HelperAnswer:
        """Whose work code this is."""
        answer = self._ask("helper", HelperCheck(raw=raw), HelperAnswer)
        if (answer.helper is None) == (answer.refused is None):
            raise Busy("an answer that names neither a helper nor a refusal, or both")
        return answer

    # the terminal's own code, RFC 8628

    def begin_phone_login(self) -> DeviceAuthorization:
        """A code for the phone to scan (section 3.1)."""
        fields = {"client_id": self._terminal_id, "scope": "identity"}
        answer = self._platform.call(
            "POST", "/oauth2/device_authorization", urlencode(fields), ANSWER_SECONDS, headers=_FORM
        )
        try:
            said = from_json(answer.content)
            known = {name: said[name] for name in DeviceAuthorization.model_fields if name in said}
            return DeviceAuthorization.model_validate(known)
        except (ValueError, TypeError, AttributeError):
            raise Busy("an answer that is not understood") from None

    def poll_phone_login(self, device_code: str) -> IdentityAnswer | PhoneWaits | PhoneEnds:
        """Whether somebody has agreed on a phone (sections 3.4 and 3.5); then who."""
        fields = {"grant_type": _GRANT, "device_code": device_code, "client_id": self._terminal_id}
        answer = self._platform.call(
            "POST", "/oauth2/token", urlencode(fields), ANSWER_SECONDS, headers=_FORM, refusals=_OAUTH_ERRORS
        )
        try:
            said = from_json(answer.content)
            if answer.status_code == 200:
                return self._person_of(str(said["access_token"]))
            error = said["error"]
        except (ValueError, TypeError, KeyError):
            raise Busy("an answer that is not understood") from None
        for known in ("authorization_pending", "slow_down", "access_denied", "expired_token"):
            if error == known:
                return known
        return "refused"

    def _person_of(self, token: str) -> IdentityAnswer:
        headers = {"Authorization": f"Bearer {token}"}
        answer = self._platform.call("GET", "/oauth2/userinfo", b"", ANSWER_SECONDS, headers=headers)
        return _whole(understood(IdentityAnswer, answer))

    def _ask(self, what: str, message: Message, kind: type[M]) -> M:
        answer = self._platform.call("POST", f"{_IDENTITY}/{what}", message.model_dump_json(), ANSWER_SECONDS)
        return understood(kind, answer)


def _whole(answer: IdentityAnswer) -> IdentityAnswer:
    """Somebody with a name and a number, or a refusal. Raises Busy for anything between: it opens nothing."""
    person = answer.person
    if (person is None) == (answer.refused is None) or (person and not (person.name.strip() and person.number)):
        raise Busy("an answer that names neither a person nor a refusal, or both")
    return answer
