"""A simulated SAM card reader without its wire, written from the public frame and text tables.

Commands: place FILE.json, lift, fault NAME|none, at ORDER NAME, sw ORDER WORD|none, delay ORDER SECONDS, state.
ORDER is CMD PARA: `sw 3001 000033` answers every read with that status word, `delay 2001 1.5` keeps the next answer
back, and `at 2002 silence` switches the fault on when a card is next selected.
A person is {"name", "sex": "男", "nation": "01", "birth": "1990-02-28", "address", "number", "authority", "valid_from",
"valid_to"}; for other cards "kind": "J"|"I"|"Y" with english_name, country, pass_number, issue_count, version,
association; for all of them "new_address" (a text or a list of them) and "fingerprint" (0, 512 or 1024 bytes).
"photo" is a picture file, or the name of somebody in drivers/simulators/faces: the 1024 bytes of WLT then name it, and
drivers/simulators/photo_decoder.py, named as photo_decoder in devices.toml, answers with it.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import json
import threading
import time
from pathlib import Path
from typing import Any

from drivers.simulators.control import Handler, WrongCommand
from drivers.simulators.program import Faults

START = bytes.fromhex("AAAAAA9669")
FAULTS = Faults(
    (
        "silence",
        "drop",
        "garbage",
        "slow",
        "half-frame",
        "bad-checksum",
        "bad-checksum-once",
        "single-bytes",
        "noise",
        "glued",
        "busy",
        "late",
        "lifted-in-middle",
        "wrong-kind",
        "unreadable",
        "unselectable",
        "self-test-failed",
        "not-authorised",
        "hung",
    )
)
# What the photo of an invented person is: no picture, 1024 bytes as long as a WLT.
PHOTO = b"WLT-SIMULATED-NO-PERSON-".ljust(1024, b"\0")
FACES = Path(__file__).parent / "faces"
SAM_ID = bytes.fromhex("05000100 872D3301 39300000 A6020000")  # 05.01-20131207-0000012345-0000000678
# Seconds an answer is kept back: busy is within a patient driver's limit, late is beyond it.
BUSY, LATE = 0.6, 1.5


def frame(sw: str, data: bytes = b"") -> bytes:
    """An answer: status words and data in their frame."""
    body = bytes.fromhex(sw) + data
    body = (len(body) + 1).to_bytes(2, "big") + body
    check = 0
    for byte in body:
        check ^= byte
    return START + body + bytes([check])


def text_block(person: dict[str, Any]) -> bytes:
    """256 bytes of UTF-16LE, padded with spaces."""
    block = bytearray(" ".encode("utf-16-le") * 128)

    def put(offset: int, length: int, text: str) -> None:
        raw = text.encode("utf-16-le")
        if len(raw) > length:
            raise WrongCommand(f"the field at {offset} holds {length // 2} characters")
        block[offset : offset + len(raw)] = raw

    def day(key: str) -> str:
        return str(person[key]).replace("-", "")

    kind = person.get("kind", "resident")
    sex = "1" if person["sex"] in ("男", "1") else "2"
    put(188, 16, day("valid_from"))
    put(204, 16, day("valid_to"))
    if kind == "I":
        put(0, 120, person["english_name"])
        put(120, 2, sex)
        put(122, 30, person["number"])
        put(152, 6, person["country"])
        put(158, 30, person["name"])
        put(220, 16, day("birth"))
        put(236, 4, person.get("version", "01"))
        put(240, 8, person["authority"])
        put(248, 2, "I")
        return bytes(block)
    put(0, 30, person["name"])
    put(30, 2, sex)
    put(36, 16, day("birth"))
    put(122, 36, person["number"])
    if kind == "Y":
        english = person["english_name"]
        put(32, 4, person.get("issue_count", "01"))
        put(52, 70, english[:35])
        put(220, 22, english[35:])
        put(242, 6, person["country"])
        put(248, 2, "Y")
        put(250, 6, person.get("association", ""))
        return bytes(block)
    put(52, 70, person["address"])
    put(158, 30, person["authority"])
    if kind == "J":
        put(32, 4, person.get("reserved", ""))
        put(220, 18, person["pass_number"])
        put(238, 4, person.get("issue_count", "01"))
        put(242, 6, person.get("reserved", ""))
        put(248, 2, "J")
        put(250, 6, person.get("reserved", ""))
    else:
        put(32, 4, person["nation"])
    return bytes(block)


def address_block(addresses: list[str]) -> bytes:
    """Appended addresses, 70 bytes each."""
    return b"".join(address.ljust(35)[:35].encode("utf-16-le") for address in addresses)


def wlt(person: dict[str, Any]) -> bytes:
    """1024 bytes as long as a WLT, which name a picture file, or none."""
    photo = str(person.get("photo", ""))
    if not photo:
        return PHOTO
    of_a_face = FACES / photo / "card.png"
    named = f"WLT-SIMULATED-PICTURE:{(of_a_face if of_a_face.exists() else Path(photo)).resolve()}".encode()
    if len(named) > len(PHOTO):
        raise WrongCommand("the path of the photo is too long")
    return named.ljust(len(PHOTO), b"\0")


def options(parser: argparse.ArgumentParser) -> None:
    """What every reader can be told at its start."""
    parser.add_argument("--find", choices=("always", "once"), default="always", help="once: one time for each placing")
    parser.add_argument("--without", nargs="*", default=[], metavar="ORDER", help="commands it does not know, as 3010")
    parser.add_argument("--deaf", nargs="*", default=[], metavar="ORDER", help="commands it does not even answer")


class SamReader:
    """The reader and what lies on it."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.find_once = chosen.find == "once"
        self.deaf = [order.upper() for order in chosen.deaf]
        self.unknown = [order.upper() for order in chosen.without]
        self.lock = threading.Lock()
        self.card: dict[str, bytes] | None = None
        self.serial_number = bytes(8)
        self.found = self.selected = False
        self.cards_placed = 0
        self.words: dict[str, str] = {}
        self.delays: dict[str, float] = {}
        self.fault_at = ("", "")
        self.answered_at = 0.0
        self.asked: dict[str, int] = {}
        self.reads = 0
        self.last_find = 0.0
        self.shortest_find_gap: float | None = None

    @property
    def handlers(self) -> dict[str, Handler]:
        """The commands of the control port."""
        return {
            "place": self.place, "lift": self.lift, "state": self.state, "fault": FAULTS.set, "sw": self.sw,
            "delay": self.delay, "at": self.at,
        }  # fmt: skip

    def place(self, words: list[str]) -> dict[str, Any]:
        """`place FILE.json`"""
        if len(words) != 1:
            raise WrongCommand("place FILE.json")
        with open(words[0], encoding="utf-8") as file:
            person = json.load(file)
        newest = person.get("new_address", [])
        card = {
            "text": text_block(person),
            "addresses": address_block(newest if isinstance(newest, list) else [newest]),
            "photo": wlt(person),
            "fingerprint": (b"FP" * 512)[: person.get("fingerprint", 0)],
        }
        with self.lock:
            self.cards_placed += 1
            self.card, self.found, self.selected = card, False, False
            self.serial_number = self.cards_placed.to_bytes(8, "big")
        return {"card": True}

    def lift(self, words: list[str]) -> dict[str, Any]:
        """`lift`"""
        with self.lock:
            self.card, self.found, self.selected = None, False, False
        return {"card": False}

    def sw(self, words: list[str]) -> dict[str, Any]:
        """`sw ORDER WORD|none`"""
        if len(words) != 2 or (words[1] != "none" and len(bytes.fromhex(words[1])) != 3):
            raise WrongCommand("sw ORDER WORD|none, as: sw 3001 000041")
        self.words.pop(words[0].upper(), None)
        if words[1] != "none":
            self.words[words[0].upper()] = words[1]
        return {"words": self.words}

    def delay(self, words: list[str]) -> dict[str, Any]:
        """`delay ORDER SECONDS`"""
        self.delays[words[0].upper()] = float(words[1])
        return {"delays": self.delays}

    def at(self, words: list[str]) -> dict[str, Any]:
        """`at ORDER NAME`"""
        if len(words) != 2 or words[1] not in FAULTS.names:
            raise WrongCommand(f"at ORDER NAME, one of {', '.join(FAULTS.names)}")
        self.fault_at = (words[0].upper(), words[1])
        return {"at": self.fault_at}

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`; answered_at is the clock (monotonic, seconds) when the last byte was sent."""
        gap = self.shortest_find_gap
        return {
            "card": self.card is not None, "fault": FAULTS.name, "reads": self.reads, "asked": self.asked,
            "shortest_find_gap": gap, "answered_at": self.answered_at,
        }  # fmt: skip

    def answer(self, request: bytes) -> bytes:
        """The answer to CMD PARA DATA."""
        with self.lock:
            order = request[:2].hex().upper()
            self.asked[order] = self.asked.get(order, 0) + 1
            if order == self.fault_at[0]:
                FAULTS.name, self.fault_at = self.fault_at[1], ("", "")
            if order == "2001":
                now = time.monotonic()
                if self.last_find:
                    gap = now - self.last_find
                    self.shortest_find_gap = min(gap, self.shortest_find_gap or gap)
                self.last_find = now
            if order in self.words:
                return frame(self.words[order])
            if order in self.deaf:
                return b""
            if order in self.unknown:
                return frame("000021")
            return self._answer(order, request)

    def _answer(self, order: str, request: bytes) -> bytes:
        fault = FAULTS.name
        if order == "10FF":
            if fault == "hung":
                FAULTS.name = "none"
            return frame("000090")
        if fault in ("self-test-failed", "hung"):
            return frame("000060")
        if fault == "not-authorised":
            return frame("000066")
        if order == "11FF" or order == "61FF" or (order[:2] == "60" and request[1] < 5):
            return frame("000090")
        if order == "12FF":
            return frame("000090", SAM_ID)
        if order == "2001":
            return self._find()
        if order == "2002":
            if fault == "unselectable" or self.card is None or not self.found or (self.find_once and self.selected):
                return frame("000081")
            self.selected = True
            return frame("000090", self.serial_number)
        if order in ("3001", "3010"):
            return self._read(order == "3010")
        if order == "3003":
            if self.card is None or not self.found:
                return frame("000041")
            addresses = self.card["addresses"]
            return frame("000090", addresses) if addresses else frame("000091")
        return frame("000021")

    def _find(self) -> bytes:
        if self.card is None or (self.find_once and self.found):
            self.selected = False
            return frame("000080")
        self.found = True
        return frame("00009F", bytes(4))

    def _read(self, fingerprint: bool) -> bytes:
        if FAULTS.name == "lifted-in-middle":
            self.card, self.found = None, False
        if self.card is None or not self.found or FAULTS.name == "unreadable":
            return frame("000041")
        if FAULTS.name == "wrong-kind":
            return frame("000040")
        self.reads += 1
        lengths, data = b"\x01\x00\x04\x00", self.card["text"] + self.card["photo"]
        if fingerprint:
            lengths += len(self.card["fingerprint"]).to_bytes(2, "big")
            data += self.card["fingerprint"]
        return frame("000090", lengths + data)


class Line:
    """What stands between the reader and its wire: requests come in any pieces, answers go as the fault wants them."""

    def __init__(self, reader: SamReader) -> None:
        self._reader = reader
        self._buffer = bytearray()
        self._out: list[tuple[float, int, bytes]] = []
        self._count = itertools.count()
        self._last = ("", b"")
        self._free_at = 0.0

    def take(self, data: bytes) -> None:
        """Bytes of the host."""
        self._buffer += data
        for request in self._requests():
            answer = self._reader.answer(request) if request else frame("000010")
            order = request[:2].hex().upper()
            # a reader does one thing after the other: what is kept back keeps back what follows
            start = max(time.monotonic() + self._reader.delays.pop(order, 0.0), self._free_at)
            for delay, piece in self._pieces(order, answer):
                self._free_at = start + delay
                heapq.heappush(self._out, (self._free_at, next(self._count), piece))

    def due(self) -> list[bytes]:
        """The pieces whose time has come."""
        pieces = []
        while self._out and self._out[0][0] <= time.monotonic():
            pieces.append(heapq.heappop(self._out)[2])
        if pieces:
            self._reader.answered_at = time.monotonic()
        return pieces

    def wait(self, longest: float) -> float:
        """Seconds until the next piece is due, at most `longest`."""
        return min(longest, max(0.0, self._out[0][0] - time.monotonic())) if self._out else longest

    def clear(self) -> None:
        """The cable was pulled."""
        self._buffer.clear()
        self._out.clear()
        self._free_at = 0.0

    def _requests(self) -> list[bytes]:
        """Take the whole requests out of the buffer; those with a wrong checksum come as b''."""
        result = []
        while (start := self._buffer.find(START)) >= 0 and len(self._buffer) >= start + 7:
            end = start + 7 + int.from_bytes(self._buffer[start + 5 : start + 7], "big")
            if len(self._buffer) < end:
                break
            counted = self._buffer[start + 5 : end]
            check = 0
            for byte in counted:
                check ^= byte
            result.append(bytes(counted[2:-1]) if check == 0 else b"")
            del self._buffer[:end]
        return result

    def _pieces(self, order: str, answer: bytes) -> list[tuple[float, bytes]]:
        """Seconds and bytes."""
        (before, last), self._last = self._last, (order, answer)
        match FAULTS.name:
            case "silence":
                return []
            case "garbage":
                return [(0.0, bytes((byte * 7 + 3) % 251 for byte in answer[:40]))]
            case "half-frame":
                return [(0.0, answer[: len(answer) // 2])]
            case "bad-checksum" | "bad-checksum-once" if len(answer) > 64:  # a weak line shows in long answers
                if FAULTS.name == "bad-checksum-once":
                    FAULTS.name = "none"
                return [(0.0, answer[:-1] + bytes([answer[-1] ^ 0x55]))]
            case "slow":
                size = max(1, len(answer) // 8)
                cuts = range(0, len(answer), size)
                return [(0.05 * (number + 1), answer[at : at + size]) for number, at in enumerate(cuts)]
            case "single-bytes":
                return [(0.0002 * at, answer[at : at + 1]) for at in range(len(answer))]
            case "noise":
                # also one that begins like an answer and lies about its length
                return [(0.0, b"\0\xff\xaa\xaa" + START + b"\x05\x08" + b"\x96\x69\xaa" + answer)]
            case "glued":
                return [(0.0, (last if before != order else b"") + answer + answer)]
            case "busy":
                return [(BUSY, answer)]
            case "late":
                return [(LATE, answer)]
        return [(0.0, answer)]
