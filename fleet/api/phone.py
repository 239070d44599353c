"""What all pages for phones share: the headers, how often an address may guess, and who one says one is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from fleet.identity.waits import Patience, count_once, seconds_left
from fleet.platform import Platform

TEMPLATES = Path(__file__).parent.parent / "templates"
#: RFC 8628 section 5.1: five wrong codes from one address, then waits that grow.
GUESSES = Patience(free=5, first=30, most=600, memory=900)
SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: how a cookie is set and taken back
COOKIE: dict[str, Any] = {"secure": True, "httponly": True, "samesite": "strict", "path": "/"}
_NUMBERS = (("number", re.compile(r"[0-9]{17}[0-9X]")), ("mobile", re.compile(r"1[3-9][0-9]{9}")))


def posted(body: bytes, most: int = 20) -> list[tuple[str, str]]:
    """The fields of a form in their order; [] for what is none of ours."""
    try:
        return parse_qsl(body.decode("utf-8", "replace"), max_num_fields=most, keep_blank_values=True)
    except ValueError:
        return []


def wrong_number(number: str, mobile: str) -> str:
    """Which of the two is none: number, mobile, or "" for neither."""
    said = {"number": number, "mobile": mobile}
    return next((name for name, shape in _NUMBERS if not shape.fullmatch(said[name])), "")


def address(request: Request) -> str:
    """Whom guesses are counted for."""
    return "phone " + request.headers.get("x-real-ip", "")


def guesses_left(request: Request, platform: Platform) -> int:
    """Seconds until this address may guess again; 0 for now."""
    key = platform.seal.keyed_hash("guesses", address(request))
    with platform.database.reading() as session:
        return seconds_left(session, key, datetime.now(UTC))


def count_guess(request: Request, platform: Platform) -> None:
    """One more that was wrong."""
    key = platform.seal.keyed_hash("guesses", address(request))
    with platform.database.writing() as session:
        count_once(session, key, GUESSES, datetime.now(UTC))
