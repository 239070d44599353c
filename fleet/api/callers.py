"""Who is calling: a terminal by its client certificate, an operator by the token.

nginx ends TLS and states the certificate in headers. The application believes them because it listens only on a Unix
socket in a folder that nobody but the platform's own user may enter, and nginx sets each header on every request.
"""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from fleet.enrolment import terminal_of
from fleet.platform import Platform


def platform_of(request: Request) -> Platform:
    """The platform this process serves."""
    platform: Platform = request.app.state.platform
    return platform


ThePlatform = Annotated[Platform, Depends(platform_of)]


def calling_terminal(request: Request, platform: ThePlatform) -> str:
    """The id of the terminal whose certificate nginx verified; 403 for none, a revoked or a foreign one."""
    if request.headers.get("x-client-verify") != "SUCCESS":
        raise HTTPException(403, "a client certificate of this platform is needed")
    terminal_id = terminal_of(platform.database, request.headers.get("x-client-serial", ""))
    if terminal_id is None or request.headers.get("x-client-subject") != f"CN={terminal_id}":
        raise HTTPException(403, "this certificate is not known or has been revoked; enrol the terminal again")
    return terminal_id


CallingTerminal = Annotated[str, Depends(calling_terminal)]


def require_operator(request: Request, platform: ThePlatform) -> None:
    """401 unless the request carries the operators' token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = platform.operator_token.encode()
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), expected):
        raise HTTPException(401, "the operator token is needed", {"WWW-Authenticate": "Bearer"})
