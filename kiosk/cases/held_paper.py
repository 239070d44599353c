"""What the platform has of a material, made ready to be confirmed: fetched, checked, pictured, or not to be used."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contract.codes import MaterialOrigin
from contract.holders import same_number
from contract.holdings import Holding
from kiosk.documents.certificates import CHINA
from kiosk.documents.holder import names_holder, same_name
from kiosk.documents.pdf import page_count
from kiosk.documents.seals.checking import check, preview
from kiosk.documents.seals.results import Reason, SealRefused
from kiosk.documents.seals.trust import TrustList
from offline_cache.errors import PlatformError
from offline_cache.holding_service import HoldingService
from offline_cache.releases.installed import InstalledRelease

log = logging.getLogger(__name__)

#: the words for a seal that did not hold; for any other reason the file is no good
_SEALS: dict[Reason, str] = {
    "changed": "changed",
    "broken-seal": "changed",
    "unknown-signer": "unknown_signer",
    "no-trust-list": "unknown_signer",
    "no-seal": "no_seal",
    "not-valid-then": "seal_expired",
    "in-future": "seal_expired",
}


@dataclass(frozen=True, repr=False)
class Usable:
    """The bytes, a JPEG of the first page (b"": it cannot be drawn faithfully here), and who sealed it when."""

    content: bytes
    pages: int
    picture: bytes = field(default=b"")
    signer: str = ""
    sealed_on: str = ""


@dataclass(frozen=True)
class NotUsable:
    """`why` is the key of the words under [held]. With `again` it may be another time."""

    why: str
    again: bool = False


def look_at(
    holding: Holding, name: str, number: str, installed: InstalledRelease, service: HoldingService, kept: bytes | None
) -> Usable | NotUsable:
    """Whether the person or company of this name and whole number may use it. Blocks for seconds.

    `kept` are its bytes where they are here already.
    """
    if expired(holding):
        return NotUsable("expired")
    if not (same_name(holding.holder, name) and same_number(holding.holder_number, number)):
        log.error("a holding is not used: it is not of the visit")
        return NotUsable("holder")
    try:
        content = kept if kept is not None else service.fetch(holding)
    except PlatformError as error:
        log.warning("a holding could not be fetched (%s)", error)
        return NotUsable("lost", again=True)
    return _licence(holding, content, installed) if holding.origin is MaterialOrigin.LICENCE else _earlier(content)


def expired(holding: Holding) -> bool:
    """Whether its last day is over, in China."""
    return holding.valid_until is not None and holding.valid_until < datetime.now(CHINA).date()


def _licence(holding: Holding, content: bytes, installed: InstalledRelease) -> Usable | NotUsable:
    checked = check(content, TrustList.of(installed.about.seal_authorities), datetime.now(UTC))
    if isinstance(checked, SealRefused):
        log.error("a licence is not used: %s (%s)", checked.reason, checked.detail)
        return NotUsable(_SEALS.get(checked.reason, "broken"))
    if f"application/{checked.kind}" != holding.media_type:
        return NotUsable("broken")
    if not names_holder(checked.text, holding.holder):
        log.error("a licence is not used: it names somebody else")
        return NotUsable("holder")
    if not checked.printable:
        log.warning("a licence cannot be drawn faithfully: %s", checked.unprintable)
    seal = checked.seals[0]
    return Usable(content, checked.pages, checked.preview, seal.signer, f"{seal.signed_at.astimezone(CHINA):%Y-%m-%d}")


def _earlier(content: bytes) -> Usable | NotUsable:
    picture = preview(content)
    return Usable(content, page_count(content), picture) if picture else NotUsable("broken")
