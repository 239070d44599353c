"""Pages of a material from the citizen's phone, through the platform to the one terminal that asked for them.

    PUT    /api/v1/phone-uploads/{lookup}            UploadTicket -> UploadTicketKept   a terminal has one at a time
    GET    /api/v1/phone-uploads/{lookup}            -> UploadState
    GET    /api/v1/phone-uploads/{lookup}/{number}   -> the sealed bytes of one file
    DELETE /api/v1/phone-uploads/{lookup}            everything of it is gone

`lookup` is of contract/upload_keys.py. A ticket is good for ten minutes and one set of files; 404 to other terminals.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from contract.model import Message, Words

LOOKUP = r"^[0-9a-f]{64}$"
#: how long a ticket is good for, in seconds
LIFETIME = 600
MIB = 1024 * 1024
#: files of one set, bytes of one file, and of all
MOST_FILES, LARGEST_FILE, LARGEST_SET = 10, 10 * MIB, 20 * MIB


class UploadTicket(Message):
    """What a terminal asks for: whose visit, which material."""

    visit: UUID
    material_id: str = Field(max_length=100)
    #: shown on the phone
    material: Words
    #: files it still has room for
    most_files: int = Field(ge=1, le=MOST_FILES)


class UploadTicketKept(Message):
    """`page` is the address of the phone's page, before the key; it is good for `expires_in` seconds."""

    page: str
    expires_in: int


class UploadStage(StrEnum):
    """How far the phone is."""

    WAITING = "waiting"
    #: the phone has opened the page
    OPENED = "opened"
    SENT = "sent"
    EXPIRED = "expired"


class UploadState(Message):
    """`files` were sent."""

    stage: UploadStage
    files: int = 0
