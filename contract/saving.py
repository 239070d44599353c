"""Applications saved to be finished later (存起来，以后再办), by the terminal or the phone's pages.

What is saved is sealed where it is filled in, under a code that only the citizen has (contract/saved_codes.py); the
platform keeps a hash of its name, a keyed hash of whose it is, and bytes it cannot read.

    PUT  /api/v1/saved/{lookup}        SavedPut  -> SavedKept      again under the same name: what was there is replaced
    POST /api/v1/saved/{lookup}/open   SavedAsk  -> SavedOpened    does not take it away

It is shredded when it runs out, and when a case that `continues` it is accepted.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict, Field

from contract.identity import Company, Person
from contract.model import Message, Words

#: bytes of the largest application: a form of some hundred questions has 50,000
LARGEST = 1024 * 1024
#: days after which nothing is kept, whatever a site says
MOST_DAYS = 30
LOOKUP = r"^[0-9a-f]{32}$"


class SavedRefusal(StrEnum):
    """Why a saved application is not handed out, or not kept."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    #: it was continued, submitted and accepted
    SUBMITTED = "submitted"
    #: it is somebody else's than the person who is logged in
    OTHER_PERSON = "other_person"
    TOO_MANY = "too_many"


class _Private(Message):
    """Of a person: neither repr nor str shows anything. Bytes are base64 (RFC 4648 section 5) in JSON."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class SavedApplication(_Private):
    """What is in the seal. Papers already scanned and the signature are not: they are made anew."""

    task_code: str
    item_name: Words
    release_version: int
    language: str
    saved_at: datetime
    principal: Person | None = None
    company: Company | None = None
    situations: dict[str, str] = {}
    #: SHA-256 (hex) of the XForm the state belongs to; "" for an item without a form
    form_sha256: str = ""
    #: `FormSession.serialise`, "" before the form was begun
    form: str = ""
    #: what is left to do at a terminal, besides the form
    to_do: list[Words] = []


class SavedPut(_Private):
    """Keep this for whom has this ID number."""

    number: str = Field(max_length=18)
    sealed: bytes = Field(max_length=LARGEST)


class SavedKept(_Private):
    """Kept until `expires_at`; `page` is the address of the phone's pages. Or `refused`: OTHER_PERSON, TOO_MANY."""

    expires_at: datetime | None = None
    page: str = Field(default="", max_length=300)
    refused: SavedRefusal | None = None


class SavedAsk(_Private):
    """Whoever has this ID number is logged in and has the code."""

    number: str = Field(max_length=18)


class SavedOpened(_Private):
    """What was saved, or why it is not handed out (`again_in`: seconds to wait, with TOO_MANY)."""

    sealed: bytes | None = None
    expires_at: datetime | None = None
    refused: SavedRefusal | None = None
    again_in: int = Field(default=0, ge=0)
