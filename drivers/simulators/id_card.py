"""A simulated SAM card reader on a pty, written from the public frame and text tables.

    python -m drivers.simulators.id_card [--find once]

Commands: place FILE.json, lift, fault NAME|none, state. A person is
{"name", "sex": "男", "nation": "01", "birth": "1990-02-28", "address", "number", "authority", "valid_from",
"valid_to"} and, for other cards, "kind": "J"|"I"|"Y" with english_name, country, pass_number, issue_count.
`--find once` answers find one time for each placing, as many readers do; otherwise each find of a card says
9F. The port is a link that goes away with the fault `drop` and comes back with another pty, as udev names do.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import tempfile
import threading
import time
import tty
from typing import Any

from drivers.simulators.control import WrongCommand
from drivers.simulators.program import Faults, parser, serve

START = bytes.fromhex("AAAAAA9669")
FAULTS = Faults(
    (
        "silence",
        "drop",
        "garbage",
        "slow",
        "half-frame",
        "bad-checksum",
        "lifted-in-middle",
        "wrong-kind",
        "unreadable",
        "unselectable",
    )
)
# What the photo of an invented person is: no picture, 1024 bytes as long as a WLT.
PHOTO = b"WLT-SIMULATED-NO-PERSON-".ljust(1024, b"\0")


def frame(sw: str, data: bytes = b"") -> bytes:
    """An answer: status words and data in their frame."""
    body = bytes.fromhex(sw) + data
    body = (len(body) + 1).to_bytes(2, "big") + body
    check = 0
    for byte in body:
        check ^= byte
    return START + body + bytes([check])


def text_block(person: dict[str, str]) -> bytes:
    """256 bytes of UTF-16LE, padded with spaces."""
    block = bytearray(" ".encode("utf-16-le") * 128)

    def put(offset: int, length: int, text: str) -> None:
        raw = text.encode("utf-16-le")
        if len(raw) > length:
            raise WrongCommand(f"the field at {offset} holds {length // 2} characters")
        block[offset : offset + len(raw)] = raw

    def day(key: str) -> str:
        return person[key].replace("-", "")

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
        put(236, 4, "01")
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
        return bytes(block)
    put(52, 70, person["address"])
    put(158, 30, person["authority"])
    if kind == "J":
        put(220, 18, person["pass_number"])
        put(238, 4, person.get("issue_count", "01"))
        put(248, 2, "J")
    else:
        put(32, 4, person["nation"])
    return bytes(block)


class Reader:
    """The reader and what lies on it."""

    def __init__(self, find_once: bool) -> None:
        self.find_once = find_once
        self.lock = threading.Lock()
        self.card: bytes | None = None
        self.serial_number = bytes(8)
        self.found = self.selected = False
        self.cards_placed = 0
        self.reads = 0

    # commands

    def place(self, words: list[str]) -> dict[str, Any]:
        """`place FILE.json`"""
        if len(words) != 1:
            raise WrongCommand("place FILE.json")
        with open(words[0], encoding="utf-8") as file:
            block = text_block(json.load(file))
        with self.lock:
            self.cards_placed += 1
            self.card, self.found, self.selected = block, False, False
            self.serial_number = self.cards_placed.to_bytes(8, "big")
        return {"card": True}

    def lift(self, words: list[str]) -> dict[str, Any]:
        """`lift`"""
        with self.lock:
            self.card, self.found, self.selected = None, False, False
        return {"card": False}

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        return {"card": self.card is not None, "fault": FAULTS.name, "reads": self.reads}

    # the wire

    def answer(self, request: bytes) -> bytes:
        """The answer to CMD PARA DATA."""
        with self.lock:
            return self._answer(request)

    def _answer(self, request: bytes) -> bytes:
        order = request[:2].hex().upper()
        if order in ("10FF", "11FF") or order == "6150" or (order[:2] == "60" and request[1] < 5):
            return frame("000090")
        if order == "12FF":
            return frame("000090", bytes.fromhex("05000100 67C9300B 01000000 D2040000"))
        if order == "2001":
            if self.card is None or (self.find_once and self.found):
                self.selected = False
                return frame("000080")
            self.found = True
            return frame("00009F", bytes(4))
        if order == "2002":
            if (
                FAULTS.name == "unselectable"
                or self.card is None
                or not self.found
                or (self.find_once and self.selected)
            ):
                return frame("000081")
            self.selected = True
            return frame("000090", self.serial_number)
        if order == "3001":
            if FAULTS.name == "lifted-in-middle":
                self.card, self.found = None, False
            if self.card is None or not self.found or FAULTS.name == "unreadable":
                return frame("000041")
            if FAULTS.name == "wrong-kind":
                return frame("000040")
            self.reads += 1
            return frame("000090", b"\x01\x00\x04\x00" + self.card + PHOTO)
        if order == "3003":
            return frame("000091" if self.card is not None and self.found else "000041")
        return frame("000021")


class Port:
    """A pty behind a link."""

    def __init__(self, link: str) -> None:
        self.link = link
        self.master = self.slave = -1

    def open(self) -> None:
        """Make a pty and its link."""
        self.master, self.slave = os.openpty()
        tty.setraw(self.master)
        tty.setraw(self.slave)
        os.symlink(os.ttyname(self.slave), self.link)

    def close(self) -> None:
        """Take the link and the pty away."""
        if self.master >= 0:
            os.unlink(self.link)
            os.close(self.master)
            os.close(self.slave)
            self.master = self.slave = -1


def spoil(answer: bytes, port: Port) -> None:
    """Send the answer as the fault wants it."""
    fault = FAULTS.name
    if fault == "silence":
        return
    if fault == "garbage":
        os.write(port.master, bytes((byte * 7 + 3) % 251 for byte in answer[:40]))
    elif fault == "half-frame":
        os.write(port.master, answer[: len(answer) // 2])
    elif fault == "bad-checksum" and len(answer) > 64:  # a weak line shows in long answers
        os.write(port.master, answer[:-1] + bytes([answer[-1] ^ 0x55]))
    elif fault == "slow":
        for start in range(0, len(answer), max(1, len(answer) // 8)):
            time.sleep(0.05)
            os.write(port.master, answer[start : start + max(1, len(answer) // 8)])
    else:
        os.write(port.master, answer)


def requests(buffer: bytearray) -> list[bytes]:
    """Take the whole requests out of the buffer; those with a wrong checksum come as b''."""
    result = []
    while (start := buffer.find(START)) >= 0 and len(buffer) >= start + 7:
        length = int.from_bytes(buffer[start + 5 : start + 7], "big")
        end = start + 7 + length
        if len(buffer) < end:
            break
        counted = buffer[start + 5 : end]
        check = 0
        for byte in counted:
            check ^= byte
        result.append(bytes(counted[2:-1]) if check == 0 else b"")
        del buffer[:end]
    return result


def run(reader: Reader, port: Port) -> None:
    """Answer requests until the program ends."""
    buffer = bytearray()
    while True:
        if FAULTS.name == "drop":
            port.close()
            buffer.clear()
            time.sleep(0.02)
            continue
        if port.master < 0:
            port.open()
        ready, _, _ = select.select([port.master], [], [], 0.05)
        if not ready:
            continue
        buffer += os.read(port.master, 4096)
        for request in requests(buffer):
            spoil(reader.answer(request) if request else frame("000010"), port)


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.add_argument("--find", choices=("always", "once"), default="always")
    chosen = options.parse_args()
    FAULTS.name = chosen.fault
    folder = tempfile.mkdtemp(prefix="id-card-")
    reader, port = Reader(chosen.find == "once"), Port(f"{folder}/port")
    if chosen.fault != "drop":
        port.open()
    threading.Thread(target=run, args=(reader, port), name="wire", daemon=True).start()
    handlers = {"place": reader.place, "lift": reader.lift, "state": reader.state, "fault": FAULTS.set}
    try:
        serve("id_card", handlers, chosen.with_parent, port=port.link)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
