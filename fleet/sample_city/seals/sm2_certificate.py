"""X.509 certificates with SM2 keys (GM/T 0015), as the sample city's authority makes them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import core, x509

from fleet.sample_city.seals import sm2

#: id-ecPublicKey on sm2p256v1, and SM2 with SM3 (GM/T 0006)
EC_KEY, CURVE, SM2_SM3 = "1.2.840.10045.2.1", "1.2.156.10197.1.301", "1.2.156.10197.1.501"


class _KeyKind(core.Sequence):
    _fields = [("algorithm", core.ObjectIdentifier), ("curve", core.ObjectIdentifier)]


class _Key(core.Sequence):
    _fields = [("kind", _KeyKind), ("point", core.OctetBitString)]


class _Algorithm(core.Sequence):
    _fields = [("algorithm", core.ObjectIdentifier)]


class _Body(core.Sequence):
    _fields = [
        ("version", core.Integer, {"explicit": 0}),
        ("serial", core.Integer),
        ("algorithm", _Algorithm),
        ("issuer", x509.Name),
        ("validity", x509.Validity),
        ("subject", x509.Name),
        ("key", _Key),
        ("extensions", x509.Extensions, {"explicit": 3}),
    ]


class _Certificate(core.Sequence):
    _fields = [("body", _Body), ("algorithm", _Algorithm), ("signature", core.OctetBitString)]


@dataclass(frozen=True)
class Sm2Holder:
    """A private key and the certificate (DER) of its public one."""

    key: int
    certificate: bytes


def certify(name: str, key: int, begins: datetime, ends: datetime, issuer: Sm2Holder | None = None) -> Sm2Holder:
    """A certificate of `name`: an authority's own without an issuer, a department's with one."""
    subject = x509.Name.build({"country_name": "CN", "common_name": name})
    usage = {"key_cert_sign", "crl_sign"} if issuer is None else {"digital_signature", "non_repudiation"}
    extensions = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": issuer is None}},
        {"extn_id": "key_usage", "critical": True, "extn_value": usage},
    ]
    algorithm = {"algorithm": SM2_SM3}
    body = _Body(
        {
            "version": 2,
            "serial": secrets.randbits(120),
            "algorithm": algorithm,
            "issuer": x509.Certificate.load(issuer.certificate).subject if issuer else subject,
            "validity": {"not_before": x509.Time({"utc_time": begins}), "not_after": x509.Time({"utc_time": ends})},
            "subject": subject,
            "key": {"kind": {"algorithm": EC_KEY, "curve": CURVE}, "point": sm2.public_point(key)},
            "extensions": x509.Extensions(extensions),
        }
    )
    signature = sm2.sign(issuer.key if issuer else key, body.dump())
    made = _Certificate({"body": body, "algorithm": algorithm, "signature": signature})
    return Sm2Holder(key, made.dump())
