"""A bank card's number, masked at once. EMV Book 1 and 3, 银联 PBOC/qPBOC: SELECT, GET PROCESSING OPTIONS, records."""

from __future__ import annotations

import secrets
from datetime import datetime

from drivers.errors import BadAnswer, CardUnreadable
from drivers.smart_card import tlv
from drivers.smart_card.apdu import BLOCKED, GET_PROCESSING_OPTIONS, READ_RECORD, Chip, Command
from drivers.smart_card.cards import BankCard

CONTACTLESS_DIRECTORY = b"2PAY.SYS.DDF01"
CONTACT_DIRECTORY = b"1PAY.SYS.DDF01"
# 银联 debit, credit, quasi-credit: asked by name where the card has no directory.
UNIONPAY = tuple(bytes.fromhex(aid) for aid in ("A000000333010101", "A000000333010102", "A000000333010103"))
# The registered provider, first five bytes of an AID (ISO 7816-5).
_SCHEMES = {
    "A000000333": "unionpay",
    "A000000003": "visa",
    "A000000004": "mastercard",
    "A000000025": "amex",
    "A000000065": "jcb",
    "A000000152": "discover",
}
# A directory with more than ten applications is none.
MOST_APPLICATIONS = 10
AID, DIRECTORY_FILE, PDOL, TEMPLATE, PAIR, AFL = 0x4F, 0x88, 0x9F38, 0x80, 0x77, 0x94
PAN, TRACK_2 = 0x5A, 0x57

_CHINA = "0156"
# What a terminal says of itself when a PDOL asks: no amount, yuan, nothing offline.
_TERMINAL = {
    0x9F66: "26000080",  # terminal transaction qualifiers: contactless chip, online
    0x9F02: "000000000000",  # amount
    0x9F03: "000000000000",  # other amount
    0x9F1A: _CHINA,  # country of the terminal
    0x5F2A: _CHINA,  # currency
    0x95: "0000000000",  # verification results
    0x9C: "00",  # type: purchase, of nothing
    0x9F35: "25",  # unattended, offline with online capability
    0x9F33: "E008C8",  # capabilities
    0x9F7A: "00",  # no electronic cash
    0xDF60: "00",  # no extended application
    0xDF69: "00",  # no SM algorithms
}


def pdol_value(tag: int, length: int) -> bytes:
    """What the terminal answers to one object of a PDOL, as long as the card wants it; zeros for what it has not."""
    now = datetime.now()
    if tag == 0x9F37:  # unpredictable number
        return secrets.token_bytes(length)
    if tag == 0x9A:
        value = bytes.fromhex(now.strftime("%y%m%d"))
    elif tag == 0x9F21:
        value = bytes.fromhex(now.strftime("%H%M%S"))
    else:
        value = bytes.fromhex(_TERMINAL.get(tag, ""))
    numeric = tag in (0x9F02, 0x9F03, 0x9F1A, 0x5F2A, 0x9A, 0x9C)
    if numeric:  # EMV Book 3, 5.4: leading zeros, leading bytes cut
        return value[-length:].rjust(length, b"\0") if length else b""
    return value[:length].ljust(length, b"\0")


def pdol_data(fci: bytes) -> bytes:
    """The command data of GET PROCESSING OPTIONS for a card with this FCI. Raises BadAnswer."""
    wanted = tlv.data_object_list(tlv.find(fci, PDOL) or b"")
    return tlv.encode(0x83, b"".join(pdol_value(tag, length) for tag, length in wanted))


def locator(options: bytes) -> bytes:
    """The AFL in the answer to GET PROCESSING OPTIONS, b"" where it has none. Raises BadAnswer."""
    objects = tlv.parse(options)
    if objects and objects[0].tag == TEMPLATE:
        return objects[0].value[2:]
    return tlv.find(options, AFL) or b""


def masked_number(data: bytes) -> str | None:
    """The number in these data objects, its last four digits only; None where there is none.

    Raises BadAnswer, and CardUnreadable("bad-checksum") where Luhn's check fails.
    """
    objects = tlv.walk(data)
    for one in objects:
        if one.tag in (PAN, TRACK_2):
            digits = one.value.hex().upper()
            digits = digits.rstrip("F") if one.tag == PAN else digits.partition("D")[0]
            if not digits.isdecimal() or not 12 <= len(digits) <= 19:
                raise CardUnreadable(detail="card number")
            doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
            if sum(value - 9 if value > 9 else value for value in doubled) % 10:
                raise CardUnreadable("bad-checksum")
            return f"**** **** **** {digits[-4:]}"
    return None


def _directory(chip: Chip) -> list[bytes]:
    """The applications that the card's own directory names; the contact one is a file of records."""
    for name in (CONTACTLESS_DIRECTORY, CONTACT_DIRECTORY):
        fci = chip.select_name(name, le=0)
        if fci.sw == BLOCKED:
            raise CardUnreadable("blocked")
        if not fci.ok:
            continue
        entries = [fci.data]
        file = tlv.find(fci.data, DIRECTORY_FILE)
        if file:
            for record in range(1, MOST_APPLICATIONS + 1):
                answer = chip.ask(Command(0x00, READ_RECORD, record, (file[0] & 0x1F) << 3 | 4, le=0))
                if not answer.ok:
                    break
                entries.append(answer.data)
        found = [one.value for entry in entries for one in tlv.walk(entry) if one.tag == AID]
        if found:
            return [aid for aid in found if 5 <= len(aid) <= 16][:MOST_APPLICATIONS]
    return []


def _number(chip: Chip, fci: bytes) -> str | None:
    """The masked number in a selected application."""
    options = chip.ask(Command(0x80, GET_PROCESSING_OPTIONS, 0x00, 0x00, pdol_data(fci), le=0))
    if not options.ok:
        return None
    number = masked_number(options.data)  # qPBOC gives track 2 at once
    if number is not None:
        return number
    afl = locator(options.data)
    if not afl:
        return None
    for file, record in tlv.file_locator(afl):
        answer = chip.ask(Command(0x00, READ_RECORD, record, file << 3 | 4, le=0))
        number = masked_number(answer.data) if answer.ok else None
        if number is not None:
            return number
    return None


def read(chip: Chip) -> BankCard | None:
    """The card; None where it has no payment application.

    Raises CardUnreadable (bad-checksum, blocked, unreadable), BadAnswer, or what transmit raises.
    """
    try:
        named = _directory(chip)
    except BadAnswer as error:
        if error.code != "bad-tlv":
            raise
        named = []  # a directory that cannot be understood: ask by name
    payment = False
    for aid in dict.fromkeys([*named, *UNIONPAY]):
        fci = chip.select_name(aid, le=0)
        if fci.sw == BLOCKED:
            raise CardUnreadable("blocked")
        if not fci.ok:
            continue
        payment = True
        number = _number(chip, fci.data)
        if number is not None:
            return BankCard(number, _SCHEMES.get(aid[:5].hex().upper(), ""))
    if payment:
        raise CardUnreadable(detail="no card number")
    return None
