"""No tag is overlooked, and what tags did to readers of signed codes they do no longer."""

from __future__ import annotations

import random

import base45
import cbor2
import pytest

from contract.cbor import has_tags
from contract.releases import CertificateKey
from fleet.cose import signed_payload
from kiosk.cose import NotGenuine, signed_claims

KEY = CertificateKey(id="k", public="00" * 32)


def doubling(levels: int, index: int = 0) -> bytes:
    """Shared references (tags 28 and 29): a few bytes a level, each of which doubles what they stand for."""
    if levels == 0:
        return b"\x82\x01\x01"
    inner = doubling(levels - 1, index + 1)
    return b"\x82\xd8\x1c" + inner + b"\xd8\x1d" + cbor2.dumps(index + 1)


DOUBLING = b"\xd8\x1c" + doubling(60)
STRANGE = {
    "shared": DOUBLING,
    "shared-as-key": b"\xa1" + DOUBLING + b"\x01",
    "cyclic": b"\xd8\x1c\x81\xd8\x1d\x00",
    "mime": b"\xd8\x24\x61\x61",
    "regexp": b"\xd8\x23\x61\x28",
    "bigfloat": b"\xc5\x82\x1a\x3b\x9a\xca\x00\x03",
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("what", STRANGE)
def test_a_strangers_tags_cost_nothing_and_end_nothing(what: str) -> None:
    strange = STRANGE[what]
    for raw in (
        strange,
        b"\xd2" + strange,
        b"\xd2\x84" + cbor2.dumps(strange) + b"\xa0\x40\x40",
        b"\xd2\x84\x40" + strange + b"\x40\x40",
        b"\xd2\x84\x40\xa0" + strange + b"\x40",
    ):
        with pytest.raises(NotGenuine):
            signed_claims(base45.b45encode(raw).decode(), {"k": bytes(32)})
        assert signed_payload(raw, [KEY]) is None


def test_tags_are_found_wherever_they_stand() -> None:
    dice = random.Random(28)

    def grown(depth: int) -> tuple[object, bool]:
        match dice.randrange(8) if depth else dice.randrange(4):
            case 0:
                return dice.randrange(-(2**63), 2**63), False
            case 1:
                return dice.randbytes(dice.choice((0, 5, 23, 24, 300, 70_000))), False
            case 2:
                return "码" * dice.choice((0, 3, 90)), False
            case 3:
                return dice.choice((True, None, 1.5, cbor2.undefined)), False
            case 4:
                inner, tagged = grown(depth - 1)
                return {dice.randrange(99): inner}, tagged
            case 5:
                inner, _ = grown(depth - 1)
                return cbor2.CBORTag(dice.randrange(4000, 5000), inner), True
            case _:
                parts = [grown(depth - 1) for _ in range(dice.randrange(4))]
                return [part for part, _ in parts], any(tagged for _, tagged in parts)

    found = set()
    for _ in range(500):
        value, tagged = grown(5)
        assert has_tags(cbor2.dumps(value)) is tagged
        found.add(tagged)
    assert found == {True, False}
    assert not has_tags(b"\x5f\x41\xc0\x41\xd2\xff\x9f\x01\xff") and has_tags(b"\x9f\x5f\x41\xc0\xff\xc0\x00\xff")
