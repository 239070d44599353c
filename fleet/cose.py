"""COSE_Sign1 with Ed25519 (RFC 9052, RFC 9053): the signature under certificates' and citizens' codes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.cbor import has_tags
from contract.releases import CertificateKey
from fleet.data_folder import kept_private

#: Header labels alg and kid, and EdDSA; tag 18, COSE_Sign1, in its shortest encoding.
_ALG, _KID, _EDDSA = 1, 4, -8
_SIGN1 = b"\xd2"


class SigningKey:
    """The Ed25519 key in the PEM file at `path`, made when it is not there."""

    def __init__(self, path: Path) -> None:
        pem = kept_private(path, lambda: _pem(Ed25519PrivateKey.generate()))
        key = serialization.load_pem_private_key(pem, password=None)
        assert isinstance(key, Ed25519PrivateKey)
        self._key = key

    @property
    def public_key(self) -> CertificateKey:
        """The key signatures are checked with; its id is the start of its own SHA-256."""
        public = self._key.public_key().public_bytes_raw()
        return CertificateKey(id=hashlib.sha256(public).hexdigest()[:16], public=public.hex())

    def sign(self, payload: bytes) -> bytes:
        """A tagged COSE_Sign1 over `payload`."""
        protected = cbor2.dumps({_ALG: _EDDSA, _KID: self.public_key.id.encode()})
        signature = self._key.sign(_to_be_signed(protected, payload))
        return _SIGN1 + cbor2.dumps([protected, {}, payload, signature])


def signed_payload(message: bytes, keys: Sequence[CertificateKey]) -> bytes | None:
    """The payload of a COSE_Sign1 that one of `keys` signed; None for anything else, however it is broken."""
    content = message.removeprefix(_SIGN1)
    if content == message or has_tags(content):
        return None
    try:
        protected, _unprotected, payload, signature = cbor2.loads(content)
        if has_tags(protected):
            return None
        header = cbor2.loads(protected)
        if header[_ALG] != _EDDSA:
            return None
        public = next(bytes.fromhex(key.public) for key in keys if key.id.encode() == header[_KID])
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _to_be_signed(protected, payload))
    except (ValueError, TypeError, KeyError, IndexError, StopIteration, InvalidSignature, cbor2.CBORError):
        return None
    except (AttributeError, OverflowError, OSError, RecursionError):
        return None
    return bytes(payload)


def named_key(message: bytes) -> str | None:
    """The id of the key that a COSE_Sign1 says it was signed with; None for anything else. It proves nothing."""
    content = message.removeprefix(_SIGN1)
    if content == message or has_tags(content):
        return None
    try:
        protected, _unprotected, _payload, _signature = cbor2.loads(content)
        if has_tags(protected):
            return None
        named = cbor2.loads(protected)[_KID]
        return named.decode("ascii") if isinstance(named, bytes) else None
    except (ValueError, TypeError, KeyError, IndexError, cbor2.CBORError):
        return None
    except (AttributeError, OverflowError, OSError, RecursionError):
        return None


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
