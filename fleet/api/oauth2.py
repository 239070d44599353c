"""OAuth 2.0 device authorization (RFC 8628) for terminals, who prove themselves by certificate (RFC 8705)."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse

from fleet.api.callers import ThePlatform, calling_terminal
from fleet.identity.device_grant import TokenRefused
from fleet.platform import Platform

router = APIRouter(prefix="/oauth2")
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
SCOPE = "identity"
_FORM = "application/x-www-form-urlencoded"


class OAuthError(Exception):
    """An error of RFC 6749 section 5.2 or RFC 8628 section 3.5."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status


async def raw_body(request: Request) -> bytes:
    """The body as it came: what is wrong with it is said in the RFC's words."""
    return await request.body()


RawBody = Annotated[bytes, Depends(raw_body)]


@router.post("/device_authorization")
def device_authorization(request: Request, platform: ThePlatform, body: RawBody) -> JSONResponse:
    """RFC 8628 section 3.1: a device code and a user code."""
    terminal_id, form = _client(request, platform, body)
    if form.get("scope", SCOPE) != SCOPE:
        raise OAuthError("invalid_scope", f"the only scope is {SCOPE}")
    page = f"https://{request.headers.get('host', 'localhost')}/device"
    return _answer(platform.device_grants.begin(terminal_id, page).model_dump())


@router.post("/token")
def token(request: Request, platform: ThePlatform, body: RawBody) -> JSONResponse:
    """RFC 8628 section 3.4: the access token, or why not yet."""
    terminal_id, form = _client(request, platform, body)
    if _needed(form, "grant_type") != GRANT_TYPE:
        raise OAuthError("unsupported_grant_type", f"the only grant type is {GRANT_TYPE}")
    try:
        access_token, seconds = platform.device_grants.token(terminal_id, _needed(form, "device_code"))
    except TokenRefused as refused:
        raise OAuthError(refused.error, "see RFC 8628 section 3.5") from None
    answer = {"access_token": access_token, "token_type": "Bearer", "expires_in": seconds, "scope": SCOPE}
    return _answer(answer)


@router.get("/userinfo")
def userinfo(request: Request, platform: ThePlatform) -> JSONResponse:
    """Who approved, once; the token is bound to the terminal's certificate."""
    terminal_id = _caller(request, platform)
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    answer = platform.device_grants.userinfo(terminal_id, text.strip()) if scheme.lower() == "bearer" else None
    if answer is None:
        error = 'Bearer error="invalid_token"' if scheme else "Bearer"  # RFC 6750 section 3
        return _answer({"error": "invalid_token"}, 401, {"WWW-Authenticate": error})
    return _answer(answer.model_dump(mode="json"))


async def refuse(_request: Request, error: Exception) -> JSONResponse:
    """The answer to an OAuthError."""
    assert isinstance(error, OAuthError)
    return _answer({"error": error.error, "error_description": error.description}, error.status)


def _client(request: Request, platform: Platform, body: bytes) -> tuple[str, dict[str, str]]:
    """The calling terminal and the request's form, which must name the same."""
    terminal_id = _caller(request, platform)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise OAuthError("invalid_request", f"the content type must be {_FORM}")
    try:
        pairs = parse_qsl(body.decode("ascii"), strict_parsing=bool(body), max_num_fields=20, errors="strict")
    except ValueError:
        raise OAuthError("invalid_request", "the body is not a form") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthError("invalid_request", "a parameter is there twice")
    if _needed(form, "client_id") != terminal_id:
        raise OAuthError("invalid_client", "client_id must be the terminal of the certificate", 401)
    return terminal_id, form


def _caller(request: Request, platform: Platform) -> str:
    try:
        return calling_terminal(request, platform)
    except HTTPException as error:
        raise OAuthError("invalid_client", str(error.detail), 401) from None


def _needed(form: dict[str, str], name: str) -> str:
    if not form.get(name):
        raise OAuthError("invalid_request", f"{name} is missing")
    return form[name]


def _answer(content: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(content, status, {"Cache-Control": "no-store", "Pragma": "no-cache", **(headers or {})})
