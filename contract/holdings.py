"""What the platform has of a material already (电子证照, 可复用材料): the citizen confirms it, and gives no other.

    POST /api/v1/holdings        HoldingsAsked -> Holdings
    POST /api/v1/holdings/file   HoldingFileAsked -> the bytes

Only for who applies for themselves or for their company, and is known at least as surely as FOR_HOLDINGS says.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from contract.certificates import LARGEST_DOCUMENT
from contract.codes import Assurance, LoginWay, MaterialOrigin
from contract.model import Message

#: A card that proves nothing must not show its finder the owner's papers.
FOR_HOLDINGS = Assurance.SUBSTANTIAL
#: Seconds a handle is good for: as long as a visit.
LIFETIME = 1800
#: Materials asked about at once; more than any item has.
MOST_MATERIALS = 50
#: Bytes of the largest file that is offered.
LARGEST_HOLDING = LARGEST_DOCUMENT


class HoldingsAsked(Message):
    """Which materials of which item, and whose: the person's at the terminal, or with `uscc` the company's."""

    task_code: str = Field(max_length=36)
    release_version: int
    material_ids: list[str] = Field(min_length=1, max_length=MOST_MATERIALS)
    number: str = Field(min_length=1, max_length=40)
    uscc: str = Field(default="", pattern=r"^([0-9A-Z]{18})?$")
    login: LoginWay
    assurance: Assurance

    def __repr__(self) -> str:
        return "HoldingsAsked(…)"

    __str__ = __repr__


class Holding(Message):
    """One thing the platform has; its bytes are fetched by `handle`.

    Of an electronic licence: its name, number (whole or masked with *), the authority, issued when, valid until.
    Of a material given earlier: its name, the number of that case, the item's name as `source`, given when.
    `holder_number` is an ID number masked as `3702**********0018` or a company's whole USCC.
    """

    material_id: str
    origin: Literal[MaterialOrigin.LICENCE, MaterialOrigin.EARLIER]
    handle: str = Field(pattern=r"^[0-9A-Za-z_-]{40,4000}$")
    name: str
    number: str
    source: str
    issued_on: date
    #: the last day; None: for good
    valid_until: date | None = None
    holder: str
    holder_number: str
    media_type: Literal["application/pdf", "application/ofd"]
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(gt=0, le=LARGEST_HOLDING)

    def __repr__(self) -> str:
        return f"Holding({self.material_id}, {self.origin})"

    __str__ = __repr__


class Holdings(Message):
    """At most one of a material, the best: a licence that is valid, else what was given earlier, else a licence that
    has expired. `complete` is False where the city's service did not answer: there may be more.
    """

    held: list[Holding] = []
    complete: bool = True


class HoldingFileAsked(Message):
    """The `handle` of a holding; good for the terminal that asked, for LIFETIME."""

    handle: str = Field(max_length=4000)
