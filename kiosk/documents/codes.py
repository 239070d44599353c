"""Checking a certificate's code without a network: base45 of a COSE_Sign1 (RFC 9052) with EdDSA (RFC 8032)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.documents.errors import CodeError

_SIGN1 = 18
_ALGORITHM, _KEY_ID = 1, 4
_EDDSA = -8


@dataclass(frozen=True, repr=False)
class VerifiedCode:
    """What a genuine code says; compare it with what the paper says."""

    number: str
    task_code: str
    holder: str
    masked_number: str
    issued_at: datetime
    authority: str

    def __repr__(self) -> str:
        return f"VerifiedCode({self.number})"


def verify_code(text: str, keys: Mapping[str, bytes]) -> VerifiedCode:
    """The content of a code signed by one of `keys` (key id -> 32 bytes of public key).

    Raises CodeError: "not-base45", "not-a-code", "unknown-key" or "bad-signature". Only the shortest encoding
    is taken, so no byte of a genuine code can be changed unnoticed.
    """
    try:
        raw = base45.b45decode(text)
    except ValueError:
        raise CodeError("not-base45") from None
    try:
        message = cbor2.loads(raw)
        if cbor2.dumps(message) != raw or not isinstance(message, cbor2.CBORTag) or message.tag != _SIGN1:
            raise CodeError("not-a-code")
        protected, unprotected, payload, signature = message.value
        headers = cbor2.loads(protected)
        key_id = _key_id(headers, unprotected)
    except (cbor2.CBORDecodeError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise CodeError("not-a-code") from None
    try:
        key = keys[key_id]
    except KeyError:
        raise CodeError("unknown-key") from None
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, TypeError):
        raise CodeError("bad-signature") from None
    return _content(payload)


def _key_id(headers: Any, unprotected: Any) -> str:
    """The signer's key id. Headers beyond algorithm and key id are refused: nothing stands here unchecked."""
    if not isinstance(unprotected, Mapping) or not isinstance(headers, Mapping):
        raise TypeError("headers")
    together = {**unprotected, **headers}
    if set(together) != {_ALGORITHM, _KEY_ID} or headers.get(_ALGORITHM) != _EDDSA:
        raise ValueError("headers")
    if len(together) != len(unprotected) + len(headers):
        raise ValueError("headers")
    if not isinstance(together[_KEY_ID], bytes):
        raise TypeError("key id")
    return str(together[_KEY_ID], "utf-8")


def _content(payload: bytes) -> VerifiedCode:
    try:
        content = cbor2.loads(payload)
        number, task_code, holder, masked, issued, authority = (content[key] for key in range(1, 7))
        texts = (number, task_code, holder, masked, authority)
        if not all(isinstance(value, str) for value in texts) or not isinstance(issued, int):
            raise ValueError("types")
        return VerifiedCode(number, task_code, holder, masked, datetime.fromtimestamp(issued, UTC), authority)
    except (cbor2.CBORDecodeError, ValueError, TypeError, KeyError, OverflowError, OSError):
        raise CodeError("not-a-code") from None
