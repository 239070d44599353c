from __future__ import annotations

import random
from datetime import UTC, datetime

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.documents.codes import verify_code
from kiosk.documents.errors import CodeError
from tests.kiosk.documents.signing import CONTENT, KEY_ID, PUBLIC, code, signed

KEYS = {KEY_ID: PUBLIC}


@pytest.mark.parametrize("protect_key_id", [True, False])
def test_a_genuine_code_says_what_was_signed(protect_key_id: bool) -> None:
    verified = verify_code(code(protect_key_id=protect_key_id), KEYS)
    assert verified.number == CONTENT[1]
    assert verified.task_code == CONTENT[2]
    assert verified.holder == "王示例"
    assert verified.masked_number == CONTENT[4]
    assert verified.issued_at == datetime.fromtimestamp(1795242360, UTC)
    assert verified.authority == CONTENT[6]
    assert "王示例" not in repr(verified)


@pytest.mark.parametrize("protect_key_id", [True, False])
def test_every_changed_byte_is_noticed(protect_key_id: bool) -> None:
    genuine = signed(protect_key_id=protect_key_id)
    for position in range(len(genuine)):
        for change in (0x01, 0x20, 0x80):
            forged = bytearray(genuine)
            forged[position] ^= change
            with pytest.raises(CodeError):
                verify_code(base45.b45encode(bytes(forged)).decode(), KEYS)


def test_nothing_can_be_cut_off_or_added() -> None:
    genuine = signed()
    for forged in (genuine[:-1], genuine[1:], genuine + b"\0", b""):
        with pytest.raises(CodeError):
            verify_code(base45.b45encode(forged).decode(), KEYS)


def test_a_key_that_is_not_the_platforms_is_unknown() -> None:
    with pytest.raises(CodeError, match="unknown-key"):
        verify_code(code(), {"another": PUBLIC})


def test_a_signature_of_another_key_is_bad() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    with pytest.raises(CodeError, match="bad-signature"):
        verify_code(code(), {KEY_ID: other})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("王示例", "not-base45"),
        ("https://example.invalid/", "not-base45"),
        (base45.b45encode(b"\xff").decode(), "not-a-code"),
        (base45.b45encode(cbor2.dumps({"a": 1})).decode(), "not-a-code"),
        (base45.b45encode(cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b"", b""]))).decode(), "not-a-code"),
        (base45.b45encode(cbor2.dumps(cbor2.CBORTag(18, [1, 2, 3, 4]))).decode(), "not-a-code"),
        (base45.b45encode(b"\x81" * 3000).decode(), "not-a-code"),
    ],
)
def test_what_is_no_code_is_refused(text: str, reason: str) -> None:
    with pytest.raises(CodeError, match=reason):
        verify_code(text, KEYS)


def test_another_algorithm_is_refused() -> None:
    protected = cbor2.dumps({1: -7, 4: KEY_ID.encode()})
    forged = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, cbor2.dumps(CONTENT), bytes(64)]))
    with pytest.raises(CodeError, match="not-a-code"):
        verify_code(base45.b45encode(forged).decode(), KEYS)


def test_a_signed_map_of_the_wrong_shape_is_refused() -> None:
    for wrong in ({**CONTENT, 5: "yesterday"}, {1: "CB"}, {**CONTENT, 3: 7}):
        with pytest.raises(CodeError, match="not-a-code"):
            verify_code(base45.b45encode(signed(wrong)).decode(), KEYS)


def test_random_bytes_are_refused_and_never_anything_worse() -> None:
    chance = random.Random(1)
    genuine = signed()
    for _ in range(3000):
        start = chance.randrange(len(genuine))
        forged = genuine[:start] + chance.randbytes(chance.randrange(1, 40))
        with pytest.raises(CodeError):
            verify_code(base45.b45encode(forged).decode(), KEYS)
        with pytest.raises(CodeError):
            verify_code(base45.b45encode(b"\xd2\x84" + chance.randbytes(60)).decode(), KEYS)
