"""Who may submit which case: how surely they are known, and for whom they act."""

from __future__ import annotations

from stdnum.cn import uscc

from contract.cases import Case
from contract.codes import Assurance, LoginWay, ServerType
from contract.items import ServiceItem
from fleet.connectors.connected import Connected
from fleet.errors import CaseRefused, ServiceUnavailable

#: Ways that are of the lowest level whatever a terminal says (kiosk/identity/assurance.py has the reasons).
NEVER_SURE = {LoginWay.SOCIAL_SECURITY_CARD, LoginWay.OFFLINE_CODE, LoginWay.SMS}


def refuse_ineligible(case: Case, item: ServiceItem) -> None:
    """Raises CaseRefused for a case its item does not allow, whatever the city's services say."""
    if case.assurance > Assurance.LOW and case.login in NEVER_SURE:
        raise CaseRefused("the way the applicant was known is never as sure as the case states")
    if case.assurance < item.assurance:
        raise CaseRefused("the item asks for a higher level of assurance than the case states")
    if case.agent is not None and not item.agent_allowed:
        raise CaseRefused("the item cannot be applied for by an agent")
    if case.company is not None:
        if ServerType.COMPANY not in item.server_types:
            raise CaseRefused("the item is not for companies")
        # GB 32100; divisions come and go, so only the shape and the check character count
        if not uscc.is_valid(case.company.uscc) or uscc.compact(case.company.uscc) != case.company.uscc:
            raise CaseRefused("the company's unified social credit code does not check")
    elif ServerType.PERSON not in item.server_types:
        raise CaseRefused("the item is for companies only, and the case names none")


def is_stranger(case: Case, connectors: Connected) -> bool:
    """Whether the city says that the applicant may not act for the company.

    No case is lost because the city's service does not answer: then an official looks at it.
    """
    if case.company is None:
        return False
    try:
        companies = connectors.companies(case.applicant.number)
    except ServiceUnavailable:
        return False
    return case.company.uscc not in {company.uscc for company in companies}
