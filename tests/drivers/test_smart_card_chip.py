"""Every manner in which chips want to be asked: the simulated chip, plugged into a slot that is this test."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import CardUnreadable
from drivers.smart_card import bank, social_security
from drivers.smart_card.apdu import Chip
from drivers.smart_card.cards import BankCard, SocialSecurityCard
from drivers.smart_card.watch import read_card
from tests.drivers.conftest import Simulator

PERSON = {
    "kind": "social-security", "number": "11010519491231002X", "name": "验𠮷甲", "sex": "2", "nation": "05",
    "birth": "1949-12-31", "birthplace": "110105", "card_number": "A12345678", "category": "1", "version": "3.00",
    "card_id": "320500D156000005200000000000000F", "institution": "910000000000000000000A01",
    "issued": "2015-01-02", "expires": "2035-01-02",
}  # fmt: skip
READ = SocialSecurityCard(
    number="11010519491231002X", name="验𠮷甲", sex="女", nation="维吾尔", birth=date(1949, 12, 31),
    birthplace="110105", card_number="A12345678", card_id="320500D156000005200000000000000F", region="320500",
    category="1", version="3.00", institution="910000000000000000000A01", issued=date(2015, 1, 2),
    expires=date(2035, 1, 2),
)  # fmt: skip
PAN = "6217000000000000004"


class Slot:
    """A slot: listens where a vpcd would, and speaks its two-byte frames."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(20)
        self.simulator = Simulator("smart_card", "--vpcd", f"127.0.0.1:{self._server.getsockname()[1]}")
        self._line: socket.socket | None = None

    def insert(self, card: dict[str, Any]) -> Chip:
        file = self._folder / "card.json"
        file.write_text(json.dumps(card))
        if self._line is not None:
            self._line.close()
        self.simulator(f"insert {file}")
        self._line, _ = self._server.accept()
        self._line.settimeout(20)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._send(b"\x01")
        self._send(b"\x04")
        assert self._receive()[0] == 0x3B
        return Chip(self._transmit, t0=card.get("protocol", 0) == 0)

    def _transmit(self, command: bytes) -> bytes:
        self._send(command)
        return self._receive()

    def _send(self, data: bytes) -> None:
        assert self._line is not None
        self._line.sendall(len(data).to_bytes(2, "big") + data)

    def _receive(self) -> bytes:
        return self._exactly(int.from_bytes(self._exactly(2), "big"))

    def _exactly(self, count: int) -> bytes:
        assert self._line is not None
        data = b""
        while len(data) < count:
            self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            part = self._line.recv(count - len(data))
            assert part, "the chip left"
            data += part
        return data

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
        self._server.close()
        self.simulator.stop()


@pytest.fixture(scope="module")
def slot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slot]:
    slot = Slot(tmp_path_factory.mktemp("slot"))
    yield slot
    # whatever was tried: nothing else was ever sent
    assert set(slot.simulator("state")["instructions"]) <= {"A4", "B2", "C0", "A8"}
    slot.close()


MANNERS = [
    (answers, select, records)
    for answers, select, records in product(
        ("direct", "61", "6C", "chained"), ("both", "02", "00", "none"), ("any", "tag", "number", "sfi")
    )
    if select != "none" or records in ("any", "sfi")  # else nobody could read it
]


@pytest.mark.parametrize("manner", MANNERS, ids="-".join)
def test_a_social_security_card_in_every_manner(slot: Slot, manner: tuple[str, str, str]) -> None:
    answers, select, records = manner
    card = PERSON | {"answers": answers, "select": select, "records": records}
    assert social_security.read(slot.insert(card)) == READ


@pytest.mark.parametrize("more", [{"header": False}, {"protocol": 1}, {"protocol": 1, "answers": "6C"}], ids=str)
def test_bare_values_and_the_other_protocol(slot: Slot, more: dict[str, Any]) -> None:
    assert social_security.read(slot.insert(PERSON | more)) == READ


@pytest.mark.parametrize("records", ["tag", "number", "sfi"])
def test_what_a_card_does_not_have_is_empty(slot: Slot, records: str) -> None:
    missing = ["card_id", "version", "issued", "expires", "nation", "birthplace", "birth"]
    card = social_security.read(slot.insert(PERSON | {"missing": missing, "records": records}))
    assert card is not None and (card.number, card.name, card.sex) == (READ.number, READ.name, READ.sex)
    assert (card.card_id, card.region, card.version, card.nation, card.birthplace) == ("", "", "", "", "")
    assert (card.issued, card.expires, card.birth) == (None, None, None)


@pytest.mark.parametrize("field", ["number", "name"])
def test_without_number_or_name_it_is_unreadable(slot: Slot, field: str) -> None:
    with pytest.raises(CardUnreadable) as raised:
        social_security.read(slot.insert(PERSON | {"missing": [field]}))
    assert raised.value.code == "unreadable"


def test_a_locked_holder_file_is_said_and_no_pin_is_ever_tried(slot: Slot) -> None:
    before = slot.simulator("state")["instructions"]
    with pytest.raises(CardUnreadable) as raised:
        read_card(slot.insert(PERSON | {"locked": True}))
    assert raised.value.code == "needs-pin"
    after = slot.simulator("state")["instructions"]
    assert {name for name in after if after[name] != before.get(name)} <= {"A4", "B2", "C0"}


BANKS = list(product(("contact", "contactless", "bare"), ("5A", "57"), ("direct", "61", "6C"), (0, 1)))


@pytest.mark.parametrize(("interface", "tag", "answers", "protocol"), BANKS)
def test_a_bank_card_in_every_manner(slot: Slot, interface: str, tag: str, answers: str, protocol: int) -> None:
    card = {"kind": "bank", "pan": PAN, "interface": interface, "pan_in": tag}
    chip = slot.insert(card | {"answers": answers, "protocol": protocol})
    assert read_card(chip) == BankCard(f"**** **** **** {PAN[-4:]}", "unionpay")


def test_a_bank_number_that_fails_its_check_is_refused(slot: Slot) -> None:
    chip = slot.insert({"kind": "bank", "pan": PAN[:-1] + "8"})
    with pytest.raises(CardUnreadable) as raised:
        bank.read(chip)
    assert raised.value.code == "bad-checksum"
    assert PAN[:12] not in repr(raised.value)


@pytest.mark.parametrize("protocol", [0, 1])
def test_another_card_is_neither(slot: Slot, protocol: int) -> None:
    assert read_card(slot.insert({"kind": "unknown", "protocol": protocol})).kind == "unknown"
