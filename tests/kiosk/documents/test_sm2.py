"""SM2 and SM3 against the examples of the standards, and two programs that know nothing of each other."""

from __future__ import annotations

import pytest

from fleet.sample_city.seals import sm2 as plain
from kiosk.documents.seals.ses import sm3
from kiosk.documents.seals.sm2 import verify

#: GB/T 32918.5-2017 annex A.2: key, nonce and the two numbers for "message digest"
KEY = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
NONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
X = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
Y = "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
MESSAGE = b"message digest"
POINT = bytes.fromhex("04" + X + Y)
SIGNATURE = bytes(plain.Numbers({"r": R, "s": S}).dump())


def test_the_standards_example_of_a_signature() -> None:
    assert plain.public_point(KEY) == POINT
    assert plain.sign(KEY, MESSAGE, k=NONCE) == SIGNATURE
    assert verify(POINT, MESSAGE, SIGNATURE)


@pytest.mark.parametrize(
    ("message", "digest"),
    [  # GB/T 32905-2016 annex A
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_the_standards_examples_of_a_digest(message: bytes, digest: str) -> None:
    assert sm3(message).hex() == digest


def test_a_signature_is_for_one_message_one_key_and_one_identity() -> None:
    assert not verify(POINT, b"message digesT", SIGNATURE)
    assert not verify(plain.public_point(KEY + 1), MESSAGE, SIGNATURE)
    assert not verify(POINT, MESSAGE, SIGNATURE, b"somebody else")
    assert verify(POINT, MESSAGE, plain.sign(KEY, MESSAGE, b"ALICE123@YAHOO.COM"), b"ALICE123@YAHOO.COM")


def test_every_changed_byte_of_a_signature_is_noticed() -> None:
    for place in range(len(SIGNATURE)):
        changed = bytearray(SIGNATURE)
        changed[place] ^= 1
        assert not verify(POINT, MESSAGE, bytes(changed)), place


def test_what_is_no_point_and_no_der_is_refused() -> None:
    off_curve = POINT[:-1] + bytes([POINT[-1] ^ 1])
    for point in (b"", POINT[1:], off_curve, b"\x02" + POINT[1:33], b"\x04" + bytes(64)):
        assert not verify(point, MESSAGE, SIGNATURE)
    raw = R.to_bytes(32, "big") + S.to_bytes(32, "big")
    zero = bytes(plain.Numbers({"r": 0, "s": S}).dump())
    above = bytes(plain.Numbers({"r": R + plain.N, "s": S}).dump())
    for signature in (b"", raw, SIGNATURE + b"\0", SIGNATURE[:-1], zero, above, b"\x30\x81" + SIGNATURE[1:]):
        assert not verify(POINT, MESSAGE, signature)
