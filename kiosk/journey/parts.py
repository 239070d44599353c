"""What a journey works with: the terminal's parts, handed in, so that a whole journey runs without a display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from drivers.manager import Devices
from kiosk.documents.text_reader import TextReader
from kiosk.journey.views import Preview
from kiosk.speech.voice import Voice
from offline_cache import Cache
from offline_cache.document_service import DocumentService
from offline_cache.holding_service import HoldingService
from offline_cache.identity_service import IdentityService
from offline_cache.phone_uploads import PhoneUploads
from offline_cache.saved_service import SavedService
from offline_cache.settings import Settings

Result = TypeVar("Result")


class Jobs(Protocol):
    """Work that would block: done on another thread, its result handed back on the terminal's."""

    def __call__(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Run `work` elsewhere, then `then(result)` on the terminal's thread. What `work` raises is a crash."""


@dataclass(frozen=True)
class Parts:
    """A terminal's parts."""

    settings: Settings
    cache: Cache
    devices: Devices
    identity: IdentityService
    saved: SavedService
    documents: DocumentService
    phone_uploads: PhoneUploads
    #: what stands on scanned pages
    reader: TextReader
    holdings: HoldingService
    jobs: Jobs
    #: hand an event to the terminal's own thread, from any thread
    post: Callable[[object], None]
    #: a live picture for the screen
    preview: Callable[[Preview], None]
    #: what reads aloud
    voice: Voice = field(default_factory=Voice)
