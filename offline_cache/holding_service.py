"""What the platform has of a material, as a terminal asks for it. Citizens wait: every call has a short limit."""

from __future__ import annotations

from contract.holdings import LARGEST_HOLDING, Holding, HoldingFileAsked, Holdings, HoldingsAsked
from offline_cache.document_service import announced
from offline_cache.platform import Platform, understood

#: seconds for the answer: the platform itself asks the city's service, which has five
ANSWER_SECONDS = 7.0
#: seconds for the whole file: 8 MB over a line of 4 Mbit/s
FILE_SECONDS = 20.0
_PATH = "/api/v1/holdings"


class HoldingService:
    """That part of the fleet server. Every call raises PlatformError."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def ask(self, asked: HoldingsAsked) -> Holdings:
        """What there is of these materials."""
        return understood(Holdings, self._platform.call("POST", _PATH, asked.model_dump_json(), ANSWER_SECONDS))

    def fetch(self, holding: Holding) -> bytes:
        """Its file. Raises Busy where length or hash are others."""
        body = HoldingFileAsked(handle=holding.handle).model_dump_json()
        answer = self._platform.call("POST", f"{_PATH}/file", body, FILE_SECONDS, largest=LARGEST_HOLDING)
        return announced(answer.content, holding.size, holding.sha256)
