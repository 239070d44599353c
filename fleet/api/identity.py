"""The ways in that a terminal asks for itself; see contract/logins.py."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, BackgroundTasks, HTTPException

from contract.logins import (
    CodeCheck,
    Companies,
    CompaniesFor,
    HelperAnswer,
    HelperCheck,
    IdentityAnswer,
    Refusal,
    SmsCheck,
    SmsRequest,
    SmsSent,
)
from fleet.api.callers import CallingTerminal, ThePlatform
from fleet.api.later import send_later
from fleet.errors import ServiceUnavailable
from fleet.identity.check import check_code, check_helper
from fleet.identity.waits import Patience, count_once, seconds_left

router = APIRouter(prefix="/api/v1/identity")
#: People at a terminal in ten minutes: more is somebody who reads the register with its certificate.
COMPANIES = Patience(free=60, first=30, most=600, memory=600)


@router.post("/code")
def code(check: CodeCheck, terminal_id: CallingTerminal, platform: ThePlatform) -> IdentityAnswer:
    """The person a citizen's code stands for, once."""
    if check.terminal_id != terminal_id:
        raise HTTPException(403, "the body names another terminal than the certificate")
    return check_code(platform, check)


@router.post("/sms")
def sms(request: SmsRequest, terminal_id: CallingTerminal, platform: ThePlatform, tasks: BackgroundTasks) -> SmsSent:
    """Send a code to the mobile number registered with an ID number, after the answer."""
    order = platform.sms_codes.request(platform.connectors, terminal_id, request)
    send_later(tasks, order)
    return order.answer


@router.post("/sms-check")
def sms_check(check: SmsCheck, terminal_id: CallingTerminal, platform: ThePlatform) -> IdentityAnswer:
    """The person, for the code that was sent."""
    return platform.sms_codes.check(terminal_id, check)


@router.post("/companies")
def companies(asked: CompaniesFor, terminal_id: CallingTerminal, platform: ThePlatform) -> Companies:
    """Whom a person may act for. A terminal that asks for one after the other has to wait (429)."""
    key, now = platform.seal.keyed_hash("companies", terminal_id), datetime.now(UTC)
    with platform.database.writing() as session:
        if seconds_left(session, key, now):
            raise HTTPException(429, "this terminal asked for the companies of too many people; try again later")
        count_once(session, key, COMPANIES, now)
    try:
        return Companies(companies=platform.connectors.companies(asked.number.strip().upper()))
    except ServiceUnavailable:
        return Companies(refused=Refusal.UNAVAILABLE)


@router.post("/helper")
def helper(check: HelperCheck, terminal_id: CallingTerminal, platform: ThePlatform) -> HelperAnswer:
    """The helper a work code stands for."""
    return check_helper(platform, check.raw, terminal_id)
