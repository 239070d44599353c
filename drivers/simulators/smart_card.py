"""A simulated chip card, plugged into a virtual PC/SC slot (vpcd) over TCP. Written from the public tables.

    python -m drivers.simulators.smart_card --vpcd 127.0.0.1:35963 [--card FILE.json]

Commands: insert FILE.json, lift, fault NAME|none, state. A card is JSON:
  {"kind": "social-security", "number", "name", "sex": "1", "nation": "01", "birth": "1990-02-28",
   "birthplace": "110105", "card_number", "card_id": 32 hexadecimal digits, "category", "version",
   "institution": 24 hexadecimal digits, "issued", "expires", "missing": ["nation", …], "locked": true}
  {"kind": "bank", "pan", "expires": "2612", "interface": "contact"|"contactless"|"bare", "pan_in": "5A"|"57"}
  {"kind": "unknown"}
A field that is not given is padding on the card. How the chip wants to be asked is in the card too, or for every card
on the command line: "answers": direct | 61 | 6C | chained, "select": both | 02 | 00 | none (files), "records":
any | tag | number | sfi, "header": false (bare values), "protocol": 0 | 1.
Faults: silence, slow, garbage, half-frame, lifted-in-middle, bad-status, mute. `lift` also ends a silence.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from drivers.simulators.control import WrongCommand
from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(("silence", "slow", "garbage", "half-frame", "lifted-in-middle", "bad-status", "mute"))
OFF, ON, RESET, ASK_ATR = 0, 1, 2, 4
# T0 with TB1, TC1 and eight historical bytes.
ATR_T0 = b"\x3b\x68\x00\x00SIMULATE"
SLOW = 0.15  # seconds an answer, as the slowest chips
# A fault in the middle of a reading: after this many commands of it.
MIDDLE = 4
SSSE = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")
PSE, PPSE = b"1PAY.SYS.DDF01", b"2PAY.SYS.DDF01"
MANNERS = {"answers": "direct", "select": "both", "records": "any", "header": True, "protocol": 0}


def t1_atr() -> bytes:
    """An ATR that offers T=1: T0 with TD1 and eight historical bytes, TD1 = T=1, TCK."""
    body = bytes((0x88, 0x01)) + b"SIMULATE"
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes((check,))


def tlv(tag: str, value: bytes) -> bytes:
    """Tag, length, value."""
    length = bytes((len(value),)) if len(value) < 128 else bytes((0x81, len(value)))
    return bytes.fromhex(tag) + length + value


def day(text: str | None) -> bytes:
    """BCD YYYYMMDD; nothing is F."""
    return bytes.fromhex(text.replace("-", "")) if text else b"\xff" * 4


class Card:
    """A chip that refuses everything, and remembers what it was asked."""

    def __init__(self, values: dict[str, Any], manners: dict[str, Any]) -> None:
        self.values = values
        self.manner = {**MANNERS, **manners, **{key: values[key] for key in MANNERS if key in values}}
        self.waiting = b""
        self.reset()

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return t1_atr() if self.manner["protocol"] == 1 else ATR_T0

    def reset(self) -> None:
        """Power on."""
        self.application = ""
        self.waiting = b""

    def answer(self, apdu: bytes) -> bytes:
        """The answer to a command, in this chip's manner."""
        if apdu[:2] == b"\x00\xc0":
            return self.get_response(apdu[4] if len(apdu) > 4 else 0)
        self.waiting = b""
        data, sw = self.execute(apdu)
        if sw != "9000" or not data:
            return data + bytes.fromhex(sw)
        manner, le = self.manner["answers"], apdu[4] if len(apdu) == 5 else 0
        if len(apdu) > 5 and self.manner["protocol"] == 0:
            return self.announce(data, manner)
        if len(apdu) == 5 and ((manner == "6C" and le != len(data)) or 0 < le < len(data)):
            return bytes((0x6C, len(data) & 0xFF))
        if manner in ("61", "chained"):
            return self.announce(data, manner)
        return data + b"\x90\x00"

    def announce(self, data: bytes, manner: str) -> bytes:
        """61xx: the data is fetched with GET RESPONSE, for "chained" in small parts."""
        self.waiting = data
        return bytes((0x61, (min(5, len(data)) if manner == "chained" else len(data)) & 0xFF))

    def get_response(self, le: int) -> bytes:
        """What waits, or the next part of it."""
        if not self.waiting:
            return bytes.fromhex("6F00")
        part, self.waiting = self.waiting[: le or 256], self.waiting[le or 256 :]
        return part + (bytes((0x61, min(5, len(self.waiting)))) if self.waiting else b"\x90\x00")

    def execute(self, apdu: bytes) -> tuple[bytes, str]:
        """Data and status word of a command."""
        return b"", "6A82" if apdu[1] == 0xA4 else "6D00"


class SocialSecurity(Card):
    """EF05 and EF06 by LD/T 32."""

    def reset(self) -> None:
        """Power on: no file is selected."""
        super().reset()
        self.file = 0
        given = self.values
        name = given["name"].encode("gb18030")
        if len(name) > 30:
            raise WrongCommand("a name has 30 bytes")
        fields = {
            1: ("card_id", bytes.fromhex(given.get("card_id", "F" * 32).ljust(32, "F"))),
            2: ("category", given.get("category", "\0").encode()),
            3: ("version", given.get("version", "").encode().ljust(4, b"\0")),
            4: ("institution", bytes.fromhex(given.get("institution", "").ljust(24, "0"))),
            5: ("issued", day(given.get("issued"))),
            6: ("expires", day(given.get("expires"))),
            7: ("card_number", given.get("card_number", "").encode().ljust(9, b"\0")),
            8: ("number", given["number"].encode().ljust(18, b"\0")),
            9: ("name", name.ljust(30, b"\0")),
            10: ("sex", given.get("sex", "\0").encode()),
            11: ("nation", bytes.fromhex(given.get("nation", "FF"))),
            12: ("birthplace", bytes.fromhex(given.get("birthplace", "FFFFFF"))),
            13: ("birth", day(given.get("birth"))),
        }
        missing = given.get("missing", [])
        self.records = {tag: value for tag, (field, value) in fields.items() if field not in missing}

    def execute(self, apdu: bytes) -> tuple[bytes, str]:
        """SELECT and READ RECORD."""
        instruction, p1, p2 = apdu[1], apdu[2], apdu[3]
        data = apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        if apdu[0] != 0:
            return b"", "6E00"
        if instruction == 0xA4 and p1 == 4:
            if data != SSSE:
                return b"", "6A82"
            self.application = "SSSE"
            return tlv("6F", tlv("84", SSSE) + tlv("A5", b"\x9f\x0c\x02\x01\x02")), "9000"
        if not self.application:
            return b"", "6985" if instruction == 0xB2 else "6A82"
        if instruction == 0xA4:
            if f"{p1:02X}" not in {"both": ("02", "00"), "none": ()}.get(
                self.manner["select"], (self.manner["select"],)
            ):
                return b"", "6A86"
            if data not in (b"\xef\x05", b"\xef\x06"):
                return b"", "6A82"
            self.file = data[1]
            return b"", "9000"
        if instruction == 0xB2:
            return self.read(p1, p2)
        return b"", "6D00"

    def read(self, p1: int, p2: int) -> tuple[bytes, str]:
        """READ RECORD by tag, by number, or either with a short file identifier."""
        sfi, mode, wanted = p2 >> 3, p2 & 7, self.manner["records"]
        file = sfi or self.file
        form = "sfi" if sfi else "number" if mode == 4 else "tag"
        if wanted not in ("any", form) or file not in (5, 6) or mode not in (0, 4):
            return b"", "6A86" if sfi else "6A81"
        tag = p1 if mode == 0 else p1 if file == 5 else p1 + 7
        if file == 6 and self.values.get("locked"):
            return b"", "6982"
        if tag not in (range(1, 8) if file == 5 else range(8, 14)) or tag not in self.records:
            return b"", "6A83"
        value = self.records[tag]
        return (bytes((tag, len(value))) + value if self.manner["header"] else value), "9000"


class Bank(Card):
    """A debit card of 银联: directory, application, processing options, one or two records."""

    AID = bytes.fromhex("A000000333010101")

    def directory(self, name: bytes) -> bytes | None:
        """The FCI of the directory by this name, where the card has it."""
        interface = self.values.get("interface", "contact")
        entry = tlv("61", tlv("4F", self.AID) + tlv("50", b"UNIONPAY DEBIT") + tlv("87", b"\x01"))
        if name == PPSE and interface == "contactless":
            return tlv("6F", tlv("84", PPSE) + tlv("A5", tlv("BF0C", entry)))
        if name == PSE and interface == "contact":
            return tlv("6F", tlv("84", PSE) + tlv("A5", tlv("88", b"\x01") + tlv("5F2D", b"zh")))
        return None

    def execute(self, apdu: bytes) -> tuple[bytes, str]:
        """SELECT, GET PROCESSING OPTIONS and READ RECORD."""
        head, p1, p2 = apdu[:2].hex(), apdu[2], apdu[3]
        data = apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        if head == "00a4" and p1 == 4:
            directory = self.directory(data)
            if directory is not None:
                self.application = "directory"
                return directory, "9000"
            if data == self.AID:
                self.application = "debit"
                # country, amount, date, unpredictable number, qualifiers, and a tag the terminal cannot know
                pdol = bytes.fromhex("9F1A02 9F0206 9A03 9F3704 9F6604 DF7103")
                return tlv("6F", tlv("84", self.AID) + tlv("A5", tlv("50", b"UNIONPAY") + tlv("9F38", pdol))), "9000"
            return b"", "6A82"
        if head == "80a8" and self.application == "debit":
            return self.options(data)
        if head == "00b2" and p2 & 7 == 4:
            record = self.record(p2 >> 3, p1)
            return (tlv("70", record), "9000") if record else (b"", "6A83")
        return b"", "6985"

    def options(self, data: bytes) -> tuple[bytes, str]:
        """Checks what was filled in; gives format 1 by contact, format 2 without."""
        if data[:2] != bytes((0x83, 22)) or len(data) != 24:
            return b"", "6A80"
        if data[2:4] != bytes.fromhex("0156") or any(data[4:10]) or not any(data[17:21]):
            return b"", "6985"
        if self.values.get("interface") == "contactless":
            found = tlv("82", b"\x7c\x00") + tlv("9F36", b"\x00\x07")
            if self.values.get("pan_in") == "57":
                return tlv("77", found + tlv("57", self.track_2())), "9000"
            return tlv("77", found + tlv("94", bytes.fromhex("10010101"))), "9000"
        return tlv("80", bytes.fromhex("7C00 08010100 10010201")), "9000"

    def record(self, file: int, number: int) -> bytes | None:
        """The records of SFI 1 (directory or cardholder's verification) and 2."""
        if self.application == "directory" and (file, number) == (1, 1):
            return tlv("61", tlv("4F", self.AID) + tlv("50", b"UNIONPAY DEBIT"))
        if self.application != "debit":
            return None
        if (file, number) == (1, 1):
            return tlv("9F1F", b"") + tlv("8E", bytes(10))
        if (file, number) == (2, 1):
            pan = self.values["pan"]
            if self.values.get("pan_in") == "57":
                return tlv("57", self.track_2())
            return tlv("5F24", bytes.fromhex("261231")) + tlv("5A", bytes.fromhex(pan + "F" * (len(pan) % 2)))
        return tlv("9F0D", bytes(5)) if (file, number) == (2, 2) else None

    def track_2(self) -> bytes:
        """Number, D, expiry, service code, discretionary."""
        text = f"{self.values['pan']}D{self.values.get('expires', '2612')}220"
        return bytes.fromhex(text + "F" * (len(text) % 2))


KINDS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Card]] = {
    "social-security": SocialSecurity,
    "bank": Bank,
    "unknown": Card,
}


class Slot:
    """The card and its connection to the slot."""

    def __init__(self, address: tuple[str, int], manners: dict[str, Any]) -> None:
        self.address, self.manners = address, manners
        self.card: Card | None = None
        self.connection: socket.socket | None = None
        self.lock = threading.Lock()
        self.instructions: Counter[str] = Counter()
        self.answered_at = 0.0
        self.since_reset = 0
        self.random = random.Random(1)

    # commands

    def insert(self, words: list[str]) -> dict[str, Any]:
        """`insert FILE.json`"""
        if len(words) != 1:
            raise WrongCommand("insert FILE.json")
        with open(words[0], encoding="utf-8") as file:
            values = json.load(file)
        card = KINDS[values["kind"]](values, self.manners)
        self.lift([])
        self.card = card
        return {"card": True}

    def lift(self, words: list[str]) -> dict[str, Any]:
        """`lift`"""
        with self.lock:
            self.card = None
            self.unplug()
        return {"card": False}

    def unplug(self) -> None:
        """Break the contact."""
        if self.connection is not None:
            with contextlib.suppress(OSError):  # the slot closed it first
                self.connection.shutdown(socket.SHUT_RDWR)

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`: instructions counts the commands by their INS; answered_at is the clock (monotonic, seconds)."""
        return {
            "card": self.card is not None, "plugged": self.connection is not None, "fault": FAULTS.name,
            "instructions": dict(self.instructions), "answered_at": self.answered_at,
        }  # fmt: skip

    # the wire

    def run(self) -> None:
        """Be in the slot whenever there is a card."""
        while True:
            card = self.card
            if card is None:
                time.sleep(0.01)
                continue
            try:
                with socket.create_connection(self.address, timeout=2) as connection:
                    connection.settimeout(None)
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    with self.lock:
                        if self.card is not card:
                            continue
                        self.connection = connection
                    self.serve(connection, card)
            except OSError:
                if self.card is card:
                    time.sleep(0.05)  # no slot, or it went away
            finally:
                self.connection = None

    def serve(self, connection: socket.socket, card: Card) -> None:
        """Answer until the contact breaks."""
        powering = False
        while True:
            head = receive(connection, 2)
            body = receive(connection, int.from_bytes(head, "big"))
            if len(body) != 1:
                self.since_reset += 1
                self.instructions[f"{body[1]:02X}" if len(body) > 1 else "?"] += 1
                answer = self.spoilt(card, card.answer(body), connection)
                if answer is not None:
                    self.answered_at = time.monotonic()
                    connection.sendall(len(answer).to_bytes(2, "big") + answer)
            elif body[0] == ASK_ATR:
                # a slot finds its card by asking the ATR; a mute one is there and powers up to nonsense
                atr = b"\0" if FAULTS.name == "mute" and powering else card.atr
                powering = False
                connection.sendall(len(atr).to_bytes(2, "big") + atr)
            elif body[0] in (ON, RESET):
                card.reset()
                self.since_reset, powering = 0, True

    def spoilt(self, card: Card, answer: bytes, connection: socket.socket) -> bytes | None:
        """The answer as the fault wants it; None is none."""
        fault = FAULTS.name
        if fault == "slow":
            time.sleep(SLOW)
        elif fault == "silence":
            return None
        elif fault == "garbage":
            return self.random.randbytes(self.random.randrange(1, 40))
        elif fault == "half-frame":
            return answer[: len(answer) // 2]
        elif self.since_reset >= MIDDLE and fault == "bad-status":
            return bytes.fromhex("6F00")
        elif self.since_reset >= MIDDLE and fault == "lifted-in-middle":
            self.lift([])
            return None
        return answer


def receive(connection: socket.socket, count: int) -> bytes:
    """Exactly this many bytes. Raises OSError when the contact breaks."""
    data = b""
    while len(data) < count:
        # without it each command waits 40 ms for the kernel's delayed acknowledgement
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError("unplugged")
        data += part
    return data


def address(text: str) -> tuple[str, int]:
    """HOST:PORT"""
    host, _, port = text.rpartition(":")
    if not host:
        raise argparse.ArgumentTypeError("HOST:PORT")
    return host, int(port)


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--vpcd", type=address, default=("127.0.0.1", 35963), metavar="HOST:PORT")
    options.add_argument("--card", metavar="FILE.json", help="inserted from the start")
    options.add_argument("--answers", choices=("direct", "61", "6C", "chained"))
    options.add_argument("--select", choices=("both", "02", "00", "none"))
    options.add_argument("--records", choices=("any", "tag", "number", "sfi"))
    options.add_argument("--protocol", type=int, choices=(0, 1))
    chosen = options.parse_args()
    FAULTS.name = chosen.fault
    said = vars(chosen)
    slot = Slot(chosen.vpcd, {key: said[key] for key in MANNERS if said.get(key) is not None})
    if chosen.card:
        slot.insert([chosen.card])
    threading.Thread(target=slot.run, name="wire", daemon=True).start()
    handlers = {"insert": slot.insert, "lift": slot.lift, "state": slot.state, "fault": FAULTS.set}
    serve("smart_card", handlers, chosen.with_parent, vpcd=f"{chosen.vpcd[0]}:{chosen.vpcd[1]}")


if __name__ == "__main__":
    main()
