"""Electronic seals of GB/T 38540-2020 (SES_Signature version 4): what SignedValue.dat of an OFD holds.

Of GM/T 0031-2014, the form before it, nothing is read: such a seal is refused as unsupported.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import core
from cryptography.hazmat.primitives import hashes

from kiosk.documents.seals import sm2
from kiosk.documents.seals.results import Refusal, Seal
from kiosk.documents.seals.sm2_certificates import Sm2Certificate, trusted

CLOCKS = timedelta(minutes=10)
LARGEST = 1024 * 1024


class _ExtensionData(core.Sequence):
    _fields = [
        ("id", core.ObjectIdentifier),
        ("critical", core.Boolean, {"default": False}),
        ("value", core.OctetString),
    ]


class _Extensions(core.SequenceOf):
    _child_spec = _ExtensionData


class _Header(core.Sequence):
    _fields = [("id", core.IA5String), ("version", core.Integer), ("vid", core.IA5String)]


class _CertDigest(core.Sequence):
    _fields = [("type", core.PrintableString), ("value", core.OctetString)]


class _Property(core.Sequence):
    #: the list is of OCTET STRINGs (type 1, whole certificates) or of _CertDigest (type 2)
    _fields = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("list_type", core.Integer),
        ("list", core.Any),
        ("created", core.GeneralizedTime),
        ("begins", core.GeneralizedTime),
        ("ends", core.GeneralizedTime),
    ]


class _Picture(core.Sequence):
    _fields = [("type", core.IA5String), ("data", core.OctetString), ("width", core.Integer), ("height", core.Integer)]


class _SealInfo(core.Sequence):
    _fields = [
        ("header", _Header),
        ("id", core.IA5String),
        ("property", _Property),
        ("picture", _Picture),
        ("extensions", _Extensions, {"explicit": 0, "optional": True}),
    ]


class _SealBody(core.Sequence):
    _fields = [("info", _SealInfo), ("certificate", core.OctetString), ("algorithm", core.ObjectIdentifier)]


class _Seal(core.Sequence):
    _fields = [*_SealBody._fields, ("signature", core.BitString)]


class _ToSign(core.Sequence):
    _fields = [
        ("version", core.Integer),
        ("seal", _Seal),
        ("time", core.GeneralizedTime),
        ("digest", core.BitString),
        ("property", core.IA5String),
        ("extensions", _Extensions, {"explicit": 0, "optional": True}),
    ]


class _Signature(core.Sequence):
    _fields = [
        ("to_sign", _ToSign),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.BitString),
        ("timestamp", core.BitString, {"explicit": 0, "optional": True}),
    ]


class _Certificates(core.SequenceOf):
    _child_spec = core.OctetString


class _CertDigests(core.SequenceOf):
    _child_spec = _CertDigest


@dataclass(frozen=True)
class CheckedSeal:
    """A seal that verified, its picture as set into the document, and the seal alone in DER."""

    seal: Seal
    picture_type: str
    picture: bytes
    der: bytes


def check_ses(
    content: bytes, signed_file: bytes, signed_path: str, roots: Sequence[bytes], now: datetime
) -> CheckedSeal:
    """The seal in `content` (SignedValue.dat), set on `signed_file` (Signature.xml), which is at `signed_path`.

    Raises Refusal.
    """
    if len(content) > LARGEST:
        raise Refusal("too-large", "seal")
    try:
        signature = _Signature.load(content, strict=True)
        signature.native  # noqa: B018 parses all of it now
        to_sign, certificate = signature["to_sign"], Sm2Certificate(signature["certificate"].native)
        seal, when = to_sign["seal"], to_sign["time"].native.astimezone(UTC)
        named = to_sign["property"].native
        algorithms = {signature["algorithm"].dotted, seal["algorithm"].dotted}
        body, value = to_sign.dump(), _bits(signature["signature"])
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise Refusal("unsupported", "not a seal of GB/T 38540") from None
    if algorithms != {sm2.SM2_SM3}:
        raise Refusal("unsupported", "algorithm")
    if not hmac.compare_digest(_bits(to_sign["digest"]), sm3(signed_file)) or named.lstrip("/") != signed_path:
        raise Refusal("changed", "Signature.xml")
    if not sm2.verify(certificate.point, body, value):
        raise Refusal("broken-seal", "signature")
    if when > now + CLOCKS:
        raise Refusal("in-future")
    if not certificate.may_sign:
        raise Refusal("unknown-signer", "its certificate is not for signing")
    trusted(certificate, roots, when)
    _check_seal(seal, certificate, roots, when)
    picture = seal["info"]["picture"]
    verified = Seal(certificate.name, certificate.issuer_name, when, False, "document")
    return CheckedSeal(verified, picture["type"].native.lower(), picture["data"].native, seal.dump())


def sm3(content: bytes) -> bytes:
    """SM3 (GB/T 32905), 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def _check_seal(seal: _Seal, signer: Sm2Certificate, roots: Sequence[bytes], when: datetime) -> None:
    """The seal itself: made by a trusted maker, for this signer, valid then. Raises Refusal."""
    info, maker = seal["info"], Sm2Certificate(seal["certificate"].native)
    # what the maker signed has no structure of its own in the seal: the three parts before the signature
    body = _SealBody({name: seal[name] for name in ("info", "certificate", "algorithm")}).dump()
    if info["header"]["id"].native != "ES":
        raise Refusal("unsupported", "seal header")
    if not sm2.verify(maker.point, body, _bits(seal["signature"])):
        raise Refusal("broken-seal", "seal")
    created = info["property"]["created"].native.astimezone(UTC)
    if maker.der not in roots:
        trusted(maker, roots, created)
    elif not maker.valid_at(created):
        raise Refusal("not-valid-then", "maker")
    if not _lists(info["property"], signer.der):
        raise Refusal("broken-seal", "the seal is not this signer's")
    if not info["property"]["begins"].native <= when <= info["property"]["ends"].native:
        raise Refusal("not-valid-then", "seal")


def _lists(properties: _Property, certificate: bytes) -> bool:
    kind, raw = properties["list_type"].native, properties["list"].dump()
    try:
        if kind == 1:
            return certificate in _Certificates.load(raw, strict=True).native
        if kind == 2:
            digests = _CertDigests.load(raw, strict=True)
            return any(entry["value"].native == sm3(certificate) for entry in digests)
    except (ValueError, TypeError):
        pass
    return False


def _bits(value: core.BitString) -> bytes:
    """The bytes of a BIT STRING of whole bytes."""
    content: bytes = value.contents
    if not content or content[0] != 0:
        raise Refusal("unsupported", "bit string")
    return content[1:]
