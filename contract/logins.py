"""The ways in: what a terminal asks the platform to learn who is there, and what the platform answers.

Every request is authenticated by the terminal's own client certificate (mutual TLS).

    POST /api/v1/identity/code         CodeCheck     -> IdentityAnswer     居民码, 电子社保卡, 鲁通码
    POST /api/v1/identity/sms          SmsRequest    -> SmsSent            a code by SMS
    POST /api/v1/identity/sms-check    SmsCheck      -> IdentityAnswer
    POST /api/v1/identity/companies    CompaniesFor  -> Companies          whom this person may act for
    POST /api/v1/identity/helper       HelperCheck   -> HelperAnswer       帮办员

The terminal's own code for a phone is OAuth 2.0 device authorization, RFC 8628, forms and errors as it says; the
client is the terminal, by its certificate (RFC 8705), and `client_id` its id:

    POST /oauth2/device_authorization  client_id, scope=identity  -> DeviceAuthorization
    POST /oauth2/token                 grant_type, device_code, client_id -> access token, or authorization_pending,
                                       slow_down, access_denied, expired_token, invalid_grant, invalid_client
    GET  /oauth2/userinfo              Bearer token, once -> IdentityAnswer

An offline code (离线码) is for times without a network: the text `BM1:` and base45 of a COSE_Sign1 (Ed25519) over a
CWT (RFC 8392) with the claims of `OfflineClaim`, made by the platform for the citizen's phone.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum

from pydantic import Field

from contract.codes import Assurance
from contract.identity import Company, Helper, Person
from contract.model import Message

#: seconds: nothing here lasts longer
_DAY = 86400
#: what every offline code begins with
OFFLINE_PREFIX = "BM1:"


class Purpose(StrEnum):
    """用途: what a code is shown for."""

    LOGIN = "login"
    STEP_UP = "step_up"


class Refusal(StrEnum):
    """Why the platform does not say who somebody is."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    #: made for another terminal than the one that read it
    OTHER_TERMINAL = "other_terminal"
    #: the code by SMS is not the one that was sent
    WRONG_CODE = "wrong_code"
    #: tried too often: another code must be asked for, or another way taken
    TOO_MANY = "too_many"
    #: the city's own service did not answer
    UNAVAILABLE = "unavailable"


class _Private(Message):
    """Of a person: neither repr nor str shows anything."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class CodeCheck(_Private):
    """The code's raw text, the device, where it was shown and what for. The terminal decodes nothing itself."""

    raw: str = Field(max_length=4096)
    terminal_id: str
    place: str
    purpose: Purpose
    #: 实施编码 of the item it is shown for; "" before one is chosen
    task_code: str = ""


class IdentityAnswer(_Private):
    """A person and how sure that is, or the reason there is none."""

    person: Person | None = None
    assurance: Assurance = Assurance.LOW
    refused: Refusal | None = None
    checked_at: datetime


class SmsRequest(_Private):
    """Somebody typed an ID number and the mobile number registered with it."""

    number: str = Field(max_length=18)
    mobile: str = Field(max_length=11)


class SmsSent(_Private):
    """The same answer whether or not the two numbers belong together: nobody learns that by trying.

    `refused` is TOO_MANY (then `again_in` says how many seconds to wait) or UNAVAILABLE.
    """

    challenge: str = Field(default="", max_length=100)
    expires_in: int = Field(default=0, ge=0, le=_DAY)
    #: seconds until another code may be asked for
    again_in: int = Field(default=0, ge=0, le=_DAY)
    refused: Refusal | None = None


class SmsCheck(_Private):
    """The six digits typed, and the challenge they belong to."""

    challenge: str = Field(max_length=100)
    code: str = Field(max_length=6)


class CompaniesFor(_Private):
    """Asks whom the person of this ID number may act for."""

    number: str = Field(max_length=18)


class Companies(_Private):
    """[] where there is none; `refused` is UNAVAILABLE or None."""

    companies: list[Company] = []
    refused: Refusal | None = None


class HelperCheck(_Private):
    """The raw text of a helper's work code. Nothing of the citizen goes with it."""

    raw: str = Field(max_length=4096)


class HelperAnswer(Message):
    """The helper, or why there is none."""

    helper: Helper | None = None
    refused: Refusal | None = None


class DeviceAuthorization(_Private):
    """RFC 8628 section 3.2."""

    device_code: str = Field(min_length=1, max_length=200)
    user_code: str = Field(min_length=1, max_length=20)
    verification_uri: str = Field(min_length=1, max_length=200)
    #: as long as a QR code that phones still read from a screen
    verification_uri_complete: str = Field(min_length=1, max_length=300)
    expires_in: int = Field(ge=1, le=_DAY)
    interval: int = Field(default=5, ge=1, le=60)


class OfflineClaim(IntEnum):
    """Claims of an offline code: those of RFC 8392, and private ones about the holder."""

    ISSUER = 1
    #: the id of the only terminal it is for; without it, any of the city's
    AUDIENCE = 3
    #: seconds since 1970, after which it opens nothing
    EXPIRES = 4
    ISSUED = 6
    #: 16 random bytes: each code is taken once
    ID = 7
    NAME = -70001
    NUMBER = -70002
    SEX = -70003
    #: YYYY-MM-DD
    BIRTH = -70004
