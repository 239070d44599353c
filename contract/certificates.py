"""Certificates (电子证照, 证明): what the platform issues and the terminal prints once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from contract.model import Message, Words


class Certificate(Message):
    """A certificate's content.

    `code` is the text of its QR: base45 of a COSE_Sign1 (Ed25519) over a CBOR map
    {1: number, 2: task code, 3: holder's name, 4: masked ID number, 5: issue time (epoch seconds), 6: authority}.
    """

    number: str
    name: Words
    template: str
    holder: str
    fields: list[tuple[str, str]]
    authority: str
    issued_at: datetime
    code: str

    def __repr__(self) -> str:
        return f"Certificate({self.number})"

    __str__ = __repr__


#: Bytes of the longest finished document; a sealed certificate has some hundred thousand.
LARGEST_DOCUMENT = 8 * 1024 * 1024


class FinishedDocument(Message):
    """A certificate that was finished and sealed elsewhere; its bytes are at GET /api/v1/cases/{case_id}/document.

    The terminal checks length, hash, every seal, and that it is this visit's: `holder` and `holder_number`, an ID
    number masked as `3702**********0018` or a company's whole USCC. `link` is the path under which the citizen's phone
    may fetch it for a day; "" for none.
    """

    number: str
    name: Words
    media_type: Literal["application/pdf", "application/ofd"]
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(gt=0, le=LARGEST_DOCUMENT)
    holder: str
    holder_number: str
    authority: str
    issued_at: datetime
    link: str = Field(default="", pattern=r"^(/documents/[0-9A-Za-z._-]{1,120})?$")

    def __repr__(self) -> str:
        return f"FinishedDocument({self.number})"

    __str__ = __repr__
