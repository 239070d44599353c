"""社会保障卡: the free records of EF05 (the card) and EF06 (its holder), after LD/T 32 and 人社信息函〔2012〕37号.

An answer is tag, length, value; zeros or FF behind it are padding. Some chips give the bare value: it is taken where
the answer is exactly as long as the field. (No bare value can be mistaken for a header: the second byte would have to
be the length of the rest, which no BCD, date, version or Chinese name of that length holds.)
A record the card does not have leaves its field empty; 社会保障号码 and 姓名 must be there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from drivers.errors import CardUnreadable
from drivers.nations import NATIONS
from drivers.smart_card.apdu import BLOCKED, LOCKED, OK, READ_RECORD, SELECT, Chip, Command
from drivers.smart_card.cards import Sex, SocialSecurityCard

# "sx1.sh." and 社会保障 in GBK.
SSSE = bytes.fromhex("7378312E73682E C9E7BBE1B1A3D5CF")


@dataclass(frozen=True)
class Record:
    """Where a field lies: file, tag, number of its record, length of its value."""

    file: int
    tag: int
    number: int
    length: int


CARD_FILE, HOLDER_FILE = 5, 6
CARD_ID = Record(CARD_FILE, 0x01, 1, 16)
CATEGORY = Record(CARD_FILE, 0x02, 2, 1)
VERSION = Record(CARD_FILE, 0x03, 3, 4)
INSTITUTION = Record(CARD_FILE, 0x04, 4, 12)
ISSUED = Record(CARD_FILE, 0x05, 5, 4)
EXPIRES = Record(CARD_FILE, 0x06, 6, 4)
CARD_NUMBER = Record(CARD_FILE, 0x07, 7, 9)
NUMBER = Record(HOLDER_FILE, 0x08, 1, 18)
NAME = Record(HOLDER_FILE, 0x09, 2, 30)
SEX = Record(HOLDER_FILE, 0x0A, 3, 1)
NATION = Record(HOLDER_FILE, 0x0B, 4, 1)
BIRTHPLACE = Record(HOLDER_FILE, 0x0C, 5, 3)
BIRTH = Record(HOLDER_FILE, 0x0D, 6, 4)
CARD_RECORDS = (CARD_ID, CATEGORY, VERSION, INSTITUTION, ISSUED, EXPIRES, CARD_NUMBER)
HOLDER_RECORDS = (NUMBER, NAME, SEX, NATION, BIRTHPLACE, BIRTH)
REQUIRED = (NUMBER, NAME)

# How chips want to be asked for a record: P1, P2.
_FORMS: dict[str, Callable[[Record], tuple[int, int]]] = {
    "tag": lambda record: (record.tag, 0x00),
    "number": lambda record: (record.number, 0x04),
    "sfi-number": lambda record: (record.number, record.file << 3 | 4),
    "sfi-tag": lambda record: (record.tag, record.file << 3 | 4),
}


def value_of(record: Record, answer: bytes) -> bytes | None:
    """The value in an answer to READ RECORD; None where it is another record's or no record at all."""
    if len(answer) >= 2 and answer[0] == record.tag:
        length, rest = answer[1], answer[2:]
        if 0 < length <= len(rest) and not rest[length:].strip(b"\0\xff"):
            return rest[:length]
    return answer if len(answer) == record.length else None


def _digits(value: bytes) -> str:
    """BCD digits without the F or 00 that fills them up."""
    text = value.hex().upper()
    short = text.rstrip("F")
    return short if short.isdecimal() and short.strip("0") else ""


def _hexadecimal(value: bytes) -> str:
    """The bytes as they are; nothing where they are padding alone."""
    return value.hex().upper() if value.strip(b"\0") and value.strip(b"\xff") else ""


def _ascii(value: bytes) -> str:
    text = value.rstrip(b"\0\xff ").decode("ascii", "replace").strip()
    return text if text.isprintable() and "\ufffd" not in text else ""


def _day(value: bytes) -> date | None:
    digits = _digits(value)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == 8 else None
    except ValueError:
        return None


def _name(value: bytes) -> str:
    try:
        return value.rstrip(b"\0\xff ").decode("gb18030").strip(" \u3000\0")
    except UnicodeDecodeError:
        raise CardUnreadable(detail="bad name") from None


_SEXES: dict[str, Sex] = {"1": "男", "2": "女"}


def decode(values: Mapping[Record, bytes]) -> SocialSecurityCard:
    """The card from the values of its records. Raises CardUnreadable, whose message holds nothing of the card."""

    def text(record: Record, read: Callable[[bytes], str]) -> str:
        return read(values[record]) if record in values else ""

    def day(record: Record) -> date | None:
        return _day(values[record]) if record in values else None

    number, name = text(NUMBER, _ascii).upper(), text(NAME, _name)
    if not number.isalnum() or not name.isprintable() or not name:
        raise CardUnreadable(detail="no number" if not number.isalnum() else "no name")
    # by the standard digits filled up with F; most issuers write hexadecimal, where a last F belongs to it
    card_id = text(CARD_ID, _digits) or text(CARD_ID, _hexadecimal)
    return SocialSecurityCard(
        number=number,
        name=name,
        sex=_SEXES.get(text(SEX, _ascii), ""),
        nation=NATIONS.get(text(NATION, _digits), ""),
        birth=day(BIRTH),
        birthplace=text(BIRTHPLACE, _digits),
        card_number=text(CARD_NUMBER, _ascii),
        card_id=card_id,
        region=card_id[:6] if card_id[:6].isdecimal() else "",
        category=text(CATEGORY, _ascii),
        version=text(VERSION, _ascii),
        institution=text(INSTITUTION, _hexadecimal),
        issued=day(ISSUED),
        expires=day(EXPIRES),
    )


def _select_file(chip: Chip, file: int) -> int:
    """SELECT EF05 or EF06 in both forms that chips know; the status word of the last. A chip that refuses both may
    still give its records by short file identifier."""
    sw = 0
    for p1 in (0x02, 0x00):
        sw = chip.ask(Command(0x00, SELECT, p1, 0x00, bytes((0xEF, file)))).sw
        if sw == OK or sw in LOCKED:
            break
    return sw


class _Reader:
    """Reads records in the form that this chip understands, found with the first of them."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._form = ""

    def file(self, file: int, records: tuple[Record, ...]) -> dict[Record, bytes]:
        """The records of one file that the chip has. Raises CardUnreadable("needs-pin")."""
        selected = _select_file(self._chip, file)
        if selected in LOCKED:
            if any(record in REQUIRED for record in records):
                raise CardUnreadable("needs-pin")
            return {}
        forms = list(_FORMS) if selected == OK else [name for name in _FORMS if name.startswith("sfi")]
        if self._form in forms:
            forms.sort(key=lambda name: name != self._form)
        values = {}
        for record in records:
            value, sw, form = self._record(record, forms)
            if value is not None:
                self._form, forms = form, [form]
                values[record] = value
            elif record in REQUIRED:
                raise CardUnreadable("needs-pin" if sw in LOCKED else "", f"record {record.tag:02X}: {sw:04X}")
        return values

    def _record(self, record: Record, forms: list[str]) -> tuple[bytes | None, int, str]:
        """The value, the status word that says most, and the form that gave it."""
        said = 0
        for form in forms:
            p1, p2 = _FORMS[form](record)
            answer = self._chip.ask(Command(0x00, READ_RECORD, p1, p2, le=record.length + 2))
            value = value_of(record, answer.data) if answer.ok else None
            if value is not None:
                return value, answer.sw, form
            if said not in LOCKED:
                said = answer.sw
        return None, said, ""


def read(chip: Chip) -> SocialSecurityCard | None:
    """The card; None where it is no 社会保障卡.

    Raises CardUnreadable (needs-pin: the issuer locks EF06; blocked; unreadable), BadAnswer, or what transmit raises.
    """
    selected = chip.select_name(SSSE).sw
    if selected == BLOCKED:
        raise CardUnreadable("blocked")
    if selected != OK:
        return None
    reader = _Reader(chip)
    values = reader.file(CARD_FILE, CARD_RECORDS)
    values |= reader.file(HOLDER_FILE, HOLDER_RECORDS)
    return decode(values)
