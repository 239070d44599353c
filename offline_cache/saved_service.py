"""What a terminal saves at the platform to be finished later. Citizens wait for it: every call has a short limit."""

from __future__ import annotations

from contract.saving import SavedAsk, SavedKept, SavedOpened, SavedPut
from offline_cache.errors import Busy
from offline_cache.platform import Platform, understood

#: seconds for the platform's answer; an application is some 10 KB
ANSWER_SECONDS = 6.0


class SavedService:
    """The saved applications of the fleet server. Every call raises PlatformError."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def keep(self, lookup: str, number: str, sealed: bytes) -> SavedKept:
        """Keep `sealed` for whom has this ID number, in the place of what was there under this name."""
        said = self._platform.call(
            "PUT",
            f"/api/v1/saved/{lookup}",
            SavedPut(number=number, sealed=sealed).model_dump_json(),
            ANSWER_SECONDS,
        )
        kept = understood(SavedKept, said)
        if (kept.refused is None) == (kept.expires_at is None or not kept.page):
            raise Busy("an answer that neither keeps nor refuses, or both")
        return kept

    def open(self, lookup: str, number: str) -> SavedOpened:
        """What was saved, or why it is not handed out."""
        asked = SavedAsk(number=number).model_dump_json()
        opened = understood(
            SavedOpened, self._platform.call("POST", f"/api/v1/saved/{lookup}/open", asked, ANSWER_SECONDS)
        )
        if (opened.refused is None) == (opened.sealed is None):
            raise Busy("an answer that neither opens nor refuses, or both")
        return opened
