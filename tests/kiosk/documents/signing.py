"""The platform's side of a certificate code, written with pycose and not with our own reading of RFC 9052."""

from __future__ import annotations

import base45
import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pycose.algorithms import EdDSA
from pycose.headers import KID, Algorithm
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import Sign1Message

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
KEY_ID = "haiwan-2026"

CONTENT: dict[int, object] = {
    1: "CB-26-118204",
    2: "11370299MB0X00100A3372014001000",
    3: "王示例",
    4: "3702 **** **** **** 2X",
    5: 1795242360,
    6: "海湾市人力资源和社会保障局（示例）",
}


def signed(content: dict[int, object] = CONTENT, key_id: str = KEY_ID, protect_key_id: bool = True) -> bytes:
    """COSE_Sign1 of `content`, the key id among the protected or the unprotected headers."""
    headers = {Algorithm: EdDSA, KID: key_id.encode()}
    protected = headers if protect_key_id else {Algorithm: EdDSA}
    unprotected = {} if protect_key_id else {KID: key_id.encode()}
    message = Sign1Message(phdr=protected, uhdr=unprotected, payload=cbor2.dumps(content))
    secret = KEY.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    message.key = OKPKey(crv=Ed25519, d=secret, x=PUBLIC)
    return bytes(message.encode())


def code(**how: bool) -> str:
    return base45.b45encode(signed(**how)).decode()
