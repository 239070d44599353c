"""Pages from the citizen's phone, as a terminal asks the platform for them. Every call has a short limit."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contract.model import Words
from contract.phone_uploads import LARGEST_FILE, UploadState, UploadTicket, UploadTicketKept
from contract.upload_keys import QUERY, DoesNotOpen, UploadKey
from offline_cache.errors import Busy
from offline_cache.platform import Answer, Platform, understood

#: seconds for an answer, and for a whole file on a slow line
ANSWER_SECONDS, FILE_SECONDS = 6.0, 30.0


@dataclass(frozen=True)
class PhoneTicket:
    """A QR code for the phone. `ends` is on the monotonic clock, in seconds."""

    address: str = field(repr=False)
    key: UploadKey = field(repr=False)
    ends: float


class PhoneUploads:
    """The fleet server's page for phones. Every call raises PlatformError."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def begin(self, visit: str, material_id: str, material: Words, most_files: int) -> PhoneTicket:
        """A ticket for at most `most_files` files of this material; it takes the place of an earlier one."""
        asked, key = time.monotonic(), UploadKey.new()
        ticket = UploadTicket(visit=UUID(visit), material_id=material_id, material=material, most_files=most_files)
        said = self._call("PUT", key, body=ticket.model_dump_json())
        kept = understood(UploadTicketKept, said)
        return PhoneTicket(f"{kept.page}{QUERY}{key.text}", key, asked + kept.expires_in)

    def state(self, ticket: PhoneTicket) -> UploadState:
        """How far the phone is."""
        return understood(UploadState, self._call("GET", ticket.key))

    def file(self, ticket: PhoneTicket, number: int) -> bytes:
        """One file as the phone sent it. Nothing of it is checked yet."""
        path = f"/{number}"
        said = self._call("GET", ticket.key, path, seconds=FILE_SECONDS, largest=LARGEST_FILE + 1024)
        try:
            return ticket.key.open(said.content, number)
        except DoesNotOpen:
            raise Busy("a file that was not sealed with this ticket's key") from None

    def end(self, ticket: PhoneTicket) -> None:
        """Everything that was sent is forgotten."""
        self._call("DELETE", ticket.key)

    def _call(self, method: str, key: UploadKey, path: str = "", **options: Any) -> Answer:
        return self._platform.call(
            method, f"/api/v1/phone-uploads/{key.lookup}{path}", **{"seconds": ANSWER_SECONDS, **options}
        )
