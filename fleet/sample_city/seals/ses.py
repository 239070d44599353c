"""SES_Signature of GB/T 38540-2020, as a sealing device would make it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import core

from fleet.sample_city.seals import sm2
from fleet.sample_city.seals.sm2_certificate import SM2_SM3, Sm2Holder


@dataclass(frozen=True)
class OfdSeal:
    """A seal and who may set it: `der` is SESeal."""

    der: bytes
    holder: Sm2Holder
    #: millimetres
    width: int
    height: int


def make_seal(
    name: str, picture: bytes, side: int, holder: Sm2Holder, maker: Sm2Holder, begins: datetime, ends: datetime
) -> OfdSeal:
    """The seal `name` with a PNG `side` millimetres wide, for `holder` to set."""
    header = sequence(core.IA5String("ES"), core.Integer(4), core.IA5String("BIANMIN-SAMPLE"))
    certificates = sequence(core.OctetString(holder.certificate))
    properties = sequence(
        core.Integer(1), core.UTF8String(name), core.Integer(1), certificates,
        core.GeneralizedTime(begins), core.GeneralizedTime(begins), core.GeneralizedTime(ends),
    )  # fmt: skip
    shown = sequence(core.IA5String("PNG"), core.OctetString(picture), core.Integer(side), core.Integer(side))
    info = sequence(header, core.IA5String("sample-seal"), properties, shown)
    parts = (info, core.OctetString(maker.certificate), core.ObjectIdentifier(SM2_SM3))
    signed = sm2.sign(maker.key, sequence(*parts).dump())
    return OfdSeal(sequence(*parts, core.OctetBitString(signed)).dump(), holder, side, side)


def set_seal(seal: OfdSeal, signed_file: bytes, path: str, when: datetime) -> bytes:
    """SignedValue.dat for Signature.xml, which is `signed_file` at `path`."""
    to_sign = sequence(
        core.Integer(4), core.Sequence.load(seal.der), core.GeneralizedTime(when),
        core.OctetBitString(sm2.sm3(signed_file)), core.IA5String(path),
    )  # fmt: skip
    signature = sm2.sign(seal.holder.key, to_sign.dump())
    algorithm = core.ObjectIdentifier(SM2_SM3)
    return sequence(
        to_sign, core.OctetString(seal.holder.certificate), algorithm, core.OctetBitString(signature)
    ).dump()


def sequence(*parts: core.Asn1Value) -> core.Asn1Value:
    """A SEQUENCE of these."""
    content = b"".join(part.dump() for part in parts)
    head = core.OctetString(content).dump()
    return core.Sequence.load(b"\x30" + head[1:])
