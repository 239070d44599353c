"""Attack on everything a chip can say: data objects, the records of EF05 and EF06, FCI, PDOL, AFL, whole dialogues."""

from __future__ import annotations

from datetime import date

from drivers.errors import BadAnswer, CardUnreadable
from drivers.smart_card import bank, social_security, tlv
from drivers.smart_card.apdu import ALLOWED, Chip
from drivers.smart_card.cards import BankCard, SocialSecurityCard, from_values, to_values

DECLARED = (BadAnswer, CardUnreadable)
_RECORDS = social_security.CARD_RECORDS + social_security.HOLDER_RECORDS
_HOLDER = (
    b"\x08\x1211010519491231002X" + b"\x09\x1e" + "赵验甲".encode("gb18030").ljust(30, b"\0")
    + b"\x0a\x012" + b"\x0b\x01\x01" + b"\x0c\x03\x11\x01\x05" + b"\x0d\x04\x19\x49\x12\x31"
)  # fmt: skip
_CARD = bytes.fromhex("0110 110100D1560000051234567890ABCDEF 020131 0304 322E3030 0504 20150102 0604 FFFFFFFF")
_PDOL = bytes.fromhex("6F1A 8408A000000333010101 A50E 9F380B 9F1A029F02069F37049F6604".replace(" ", ""))
SEEDS = [
    b"\x00" + _CARD + _HOLDER,
    b"\x01" + _PDOL,
    b"\x01" + bytes.fromhex("770E 82027C00 9408 0801010010010201"),
    b"\x01" + bytes.fromhex("700C 5A08 6217000000000006 5F2402 2612"),
    b"\x01" + bytes.fromhex("7012 5710 6217000000000006D2612220123F"),
    b"\x02" + b"\x02\x90\x00" * 8 + b"\x14" + _HOLDER[:20] + b"\x90\x00",
    b"\x02\x02\x6a\x82\x02\x6a\x82\x02\x6a\x82" + bytes((len(_PDOL) + 2,)) + _PDOL + b"\x90\x00",
]


class _Script:
    """Answers cut out of the input: a length, then so many bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self.commands = data, 0

    def __call__(self, command: bytes) -> bytes:
        self.commands += 1
        assert (command[0], command[1]) in ALLOWED
        assert self.commands < 4000, "a reading without an end"
        length = self._data[0] if self._data else 0
        answer, self._data = self._data[1 : 1 + length], self._data[1 + length :]
        return answer


def _records(data: bytes) -> None:
    values = {}
    for record in _RECORDS:
        head = bytes((record.tag, record.length))
        at = data.find(head)
        if at >= 0:
            value = social_security.value_of(record, data[at : at + 2 + record.length])
            if value is not None:
                values[record] = value
    card = social_security.decode(values)
    assert card.number and card.name
    assert all(day is None or isinstance(day, date) for day in (card.birth, card.issued, card.expires))
    assert from_values(to_values(card)) == card
    assert repr(card) == "SocialSecurityCard(…)"


def _objects(data: bytes) -> None:
    for one in tlv.parse(data):
        assert tlv.parse(tlv.encode(one.tag, one.value)) == [one]
    assert len(tlv.walk(data)) <= tlv.MAX_OBJECTS
    number = bank.masked_number(data)
    assert number is None or (len(number) == 19 and number.startswith("**** **** **** "))
    assert len(bank.pdol_data(data)) <= 3 + 255
    locator = bank.locator(data)
    if locator:
        assert len(list(tlv.file_locator(locator))) <= tlv.MAX_RECORDS


def one_input(data: bytes) -> None:
    """Nothing but declared errors, and what is understood is whole."""
    kind, rest = data[:1], data[1:]
    if kind == b"\x00":
        _records(rest)
    elif kind == b"\x01":
        _objects(rest)
    else:
        chip = Chip(_Script(rest), t0=bool(len(data) % 2))
        card = social_security.read(chip) or bank.read(chip)
        assert card is None or isinstance(card, SocialSecurityCard | BankCard)
