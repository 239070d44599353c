"""COSE_Sign1 (RFC 9052) with EdDSA (RFC 8032): signed codes (base45) that are read without a network, and packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract.cbor import has_tags

#: tag 18, COSE_Sign1, in its shortest encoding
_SIGN1 = b"\xd2"
_ALGORITHM, _KEY_ID = 1, 4
_EDDSA = -8


class NotGenuine(Exception):
    """`reason`: "not-base45", "not-a-code", "unknown-key" or "bad-signature"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def signed_claims(text: str, keys: Mapping[str, bytes]) -> Mapping[Any, Any]:
    """The CBOR map signed by one of `keys` (key id -> 32 bytes of public key). Raises NotGenuine."""
    try:
        raw = base45.b45decode(text)
    except ValueError:
        raise NotGenuine("not-base45") from None
    payload = signed_payload(raw, keys)
    try:
        claims = cbor2.loads(payload)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError):
        raise NotGenuine("not-a-code") from None
    if not isinstance(claims, Mapping):
        raise NotGenuine("not-a-code")
    return claims


def signed_payload(raw: bytes, keys: Mapping[str, bytes]) -> bytes:
    """What stands in a COSE_Sign1 that one of `keys` signed. Raises NotGenuine.

    Only the shortest encoding is taken, so no byte of a genuine one can be changed unnoticed.
    """
    content = raw.removeprefix(_SIGN1)
    if content == raw or has_tags(content):
        raise NotGenuine("not-a-code")
    try:
        message = cbor2.loads(content)
        if cbor2.dumps(message) != content:
            raise NotGenuine("not-a-code")
        protected, unprotected, payload, signature = message
        if has_tags(protected):
            raise NotGenuine("not-a-code")
        key_id = _key_id(cbor2.loads(protected), unprotected)
    except (cbor2.CBORError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise NotGenuine("not-a-code") from None
    try:
        key = keys[key_id]
    except KeyError:
        raise NotGenuine("unknown-key") from None
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, TypeError):
        raise NotGenuine("bad-signature") from None
    if not isinstance(payload, bytes):
        raise NotGenuine("not-a-code")
    return payload


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
