"""Attack on what a stranger's code says: offline codes (base45, CBOR, COSE) and the numbers in a licence's code."""

from __future__ import annotations

import base45
import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.cbor import has_tags
from contract.logins import OFFLINE_PREFIX
from fleet.cose import signed_payload
from kiosk.identity.numbers import is_id_number, is_uscc, uscc_in
from kiosk.identity.offline_codes import CodeProblem, OfflineCode, read_offline_code

DECLARED = (CodeProblem,)
NOW = 1_795_242_360
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_KEYS = {"k": _KEY.public_key().public_bytes_raw()}
_HEADERS = cbor2.dumps({1: -8, 4: b"k"})
_CLAIMS = cbor2.dumps(
    {1: "b", 4: NOW + 300, 6: NOW, 7: bytes(16), -70001: "王示例", -70002: "37029919920318002X", -70004: "1992-03-18"}
)


def _signed(payload: bytes) -> bytes:
    signature = _KEY.sign(cbor2.dumps(["Signature1", _HEADERS, b"", payload]))
    return b"\xd2" + cbor2.dumps([_HEADERS, {}, payload, signature])


_DOUBLING = b"\xd8\x1c\x82\xd8\x1c\x82\x01\x01\xd8\x1d\x01"
SEEDS = [
    _signed(_CLAIMS),
    _CLAIMS,
    OFFLINE_PREFIX.encode() + base45.b45encode(_signed(_CLAIMS)),
    b"\xd2\x84" + cbor2.dumps(b"\xa1" + _DOUBLING + b"\x01") + b"\xa0\x40\x40",
    b"\xd2\x84\x40\xa1" + _DOUBLING + b"\x01\x40\x40",
    b"\xd2\x84\x43\xa1\x01\x27\xa1\x04\x41k\x40\x40",
    "https://code.example.invalid/?uscc=91370299MA0000001J&name=示例".encode(),
    "统一社会信用代码：91370299MA0000001J；名称：示例商贸有限公司".encode(),
]


def one_input(data: bytes) -> None:
    """As bytes of a code, as claims that are signed, as the text of a code: refused, or a person who can be."""
    refused: CodeProblem | None = None
    text = data.decode("utf-8", "replace")
    coded = OFFLINE_PREFIX + base45.b45encode(data).decode()
    genuine = OFFLINE_PREFIX + base45.b45encode(_signed(data)).decode()
    for code in (coded, OFFLINE_PREFIX + text, text, genuine):
        try:
            _believable(read_offline_code(code, _KEYS, NOW, "T"))
        except CodeProblem as error:
            assert error.reason and not any(part in error.reason for part in ("王", "3702"))
            refused = error
    assert signed_payload(data, []) is None
    has_tags(data)
    found = uscc_in(text)
    assert found == "" or (is_uscc(found) and found in text.upper())
    if refused is not None:
        raise refused


def _believable(code: OfflineCode) -> None:
    assert code.holder.name and is_id_number(code.holder.number) and code.holder.number.isascii()
    assert code.id and code.issued - 60 <= NOW <= code.expires and code.audience in ("", "T")
    assert code.holder.number not in repr(code) and code.holder.name not in repr(code)
