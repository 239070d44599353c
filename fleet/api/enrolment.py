"""EST (RFC 7030) as far as terminals need it: /cacerts, /simpleenroll, /simplereenroll."""

from __future__ import annotations

import base64
import binascii

from fastapi import APIRouter, Body, HTTPException, Request, Response

from fleet.api.callers import CallingTerminal, ThePlatform
from fleet.authority import certs_only
from fleet.enrolment import enrol, renew

router = APIRouter(prefix="/.well-known/est")


@router.get("/cacerts")
def ca_certificates(platform: ThePlatform) -> Response:
    """The CA certificate as base64 PKCS#7; the caller checks it against its voucher's fingerprint."""
    return _pkcs7(platform.authority.ca_certificates())


@router.post("/simpleenroll")
def first_certificate(request: Request, platform: ThePlatform, body: bytes = Body(...)) -> Response:
    """A client certificate for a voucher (HTTP Basic, terminal id and voucher secret)."""
    terminal_id, secret = _basic(request)
    return _pkcs7(certs_only(enrol(platform.database, platform.authority, terminal_id, secret, _der(body)).certificate))


@router.post("/simplereenroll")
def next_certificate(terminal_id: CallingTerminal, platform: ThePlatform, body: bytes = Body(...)) -> Response:
    """The next client certificate, for the present one."""
    return _pkcs7(certs_only(renew(platform.database, platform.authority, terminal_id, _der(body)).certificate))


def _basic(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user, password = "", ""
    if scheme.lower() != "basic" or not user or not password:
        raise HTTPException(401, "terminal id and voucher are needed", {"WWW-Authenticate": 'Basic realm="est"'})
    return user, password


def _der(body: bytes) -> bytes:
    try:
        return base64.b64decode(body)
    except binascii.Error:
        raise HTTPException(400, "the body must be a base64 PKCS#10 request") from None


def _pkcs7(der: bytes) -> Response:
    return Response(
        base64.encodebytes(der),
        media_type="application/pkcs7-mime; smime-type=certs-only",
        headers={"Content-Transfer-Encoding": "base64"},
    )
