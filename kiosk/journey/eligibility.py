"""May this person, in this role and known this surely, begin this item?"""

from __future__ import annotations

from typing import Literal

from contract.codes import Acting, LoginWay, ServerType
from contract.items import ServiceItem
from contract.terminals import SiteRules
from kiosk.journey.visit_state import VisitState

Obstacle = Literal["agent_not_allowed", "not_for_companies", "only_companies", "offline", "not_sure_enough"]

#: of a site's profile: an offline code opens every item
EVERY_ITEM = "*"


def obstacle(item: ServiceItem, state: VisitState, site: SiteRules) -> Obstacle | None:
    """What stands in the way, the gravest first; None for nothing.

    offline and not_sure_enough go away when the citizen proves once more who they are.
    """
    companies_only = item.server_types == [ServerType.COMPANY]
    if state.acting is Acting.AGENT and not item.agent_allowed:
        return "agent_not_allowed"
    if state.acting is Acting.COMPANY and ServerType.COMPANY not in item.server_types:
        return "not_for_companies"
    if state.acting is not Acting.COMPANY and companies_only:
        return "only_companies"
    opened = site.offline_opens
    if state.login is LoginWay.OFFLINE_CODE and EVERY_ITEM not in opened and item.task_code not in opened:
        return "offline"
    return "not_sure_enough" if state.assurance < item.assurance else None
