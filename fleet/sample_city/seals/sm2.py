"""SM2 signatures (GB/T 32918.2) in plain Python: for samples only, its time tells the key."""

from __future__ import annotations

import secrets

from asn1crypto import core
from cryptography.hazmat.primitives import hashes

#: sm2p256v1, GB/T 32918.5
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
IDENTITY = b"1234567812345678"
Point = tuple[int, int] | None


class Numbers(core.Sequence):
    """SM2Signature of GM/T 0009."""

    _fields = [("r", core.Integer), ("s", core.Integer)]


def sm3(content: bytes) -> bytes:
    """SM3, 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def public_point(key: int) -> bytes:
    """04 || x || y of a private key."""
    point = _times(key, G)
    assert point is not None
    return b"\x04" + _bytes(point[0]) + _bytes(point[1])


def sign(key: int, message: bytes, identity: bytes = IDENTITY, k: int = 0) -> bytes:
    """The signature in DER; `k` is drawn unless a published example names it."""
    point = public_point(key)
    z = sm3((len(identity) * 8).to_bytes(2, "big") + identity + b"".join(map(_bytes, (A, B, *G))) + point[1:])
    e = int.from_bytes(sm3(z + message), "big")
    while True:
        nonce = k or secrets.randbelow(N - 1) + 1
        found = _times(nonce, G)
        assert found is not None
        r = (e + found[0]) % N
        s = pow(1 + key, -1, N) * (nonce - r * key) % N
        if r and s and r + nonce != N:
            return bytes(Numbers({"r": r, "s": s}).dump())


def _bytes(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _plus(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return other if one is None else one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def _times(factor: int, point: Point) -> Point:
    found: Point = None
    while factor:
        if factor & 1:
            found = _plus(found, point)
        point, factor = _plus(point, point), factor >> 1
    return found
