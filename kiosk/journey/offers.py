"""What the platform has of an item's materials: asked once, in the background; nobody waits for it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contract.codes import Acting
from contract.holdings import FOR_HOLDINGS, MOST_MATERIALS, Holding, Holdings, HoldingsAsked
from kiosk.items import to_scan
from kiosk.journey.material_pages import MaterialPages
from kiosk.journey.route import Stop
from offline_cache.errors import PlatformError
from offline_cache.holding_service import HoldingService

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)


@dataclass
class Offers:
    """Of one item, in one visit, by the material's id: what was found, is being asked about, was asked about."""

    found: dict[str, Holding] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


def look_for_offers(journey: Journey) -> None:
    """Ask about the materials that apply and were not asked about: the form is filled in while the answer comes."""
    offers, state = journey.state.offers, journey.state
    materials = [each.id for each in to_scan(journey.item, state.facts) if each.may_be_held]
    wanted = [each for each in materials if each not in offers.asked][:MOST_MATERIALS]
    # an agent's word opens nobody's papers
    own = state.acting in (Acting.SELF, Acting.COMPANY) and state.assurance >= FOR_HOLDINGS
    if not wanted or not own or state.person is None or state.login is None or journey.network == "offline":
        return
    offers.asked.update(wanted)
    offers.waiting.update(wanted)
    asked = HoldingsAsked(
        task_code=state.item,
        release_version=journey.installed.about.version,
        material_ids=wanted,
        number=state.person.number,
        uscc=state.company.uscc if state.company else "",
        login=state.login,
        assurance=state.assurance,
    )

    def answered(holdings: Holdings | None) -> None:
        # of an item that was left meanwhile: nobody looks at these any more
        offers.waiting.difference_update(wanted)
        offers.found.update({each.material_id: each for each in (holdings.held if holdings else ())})

    service = journey.parts.holdings
    journey.parts.jobs(lambda: _ask(service, asked), answered)


def offered(journey: Journey, stop: Stop) -> bool:
    """Whether the platform has, or is being asked for, the material of this stop, of which no page is kept yet."""
    material = to_scan(journey.item, journey.state.facts)[stop.index].id
    pages = journey.state.pages.get(material, MaterialPages()).pages
    return not pages and (material in journey.state.offers.found or material in journey.state.offers.waiting)


def _ask(service: HoldingService, asked: HoldingsAsked) -> Holdings | None:
    try:
        return service.ask(asked)
    except PlatformError as error:
        log.info("what the platform has is not known (%s)", error)
        return None
