"""A simulated relay board on a pty: Modbus RTU, functions 01 (read coils), 05 (write coil), 0F (write coils).

    python -m drivers.simulators.lamps --coils 8 --unit 1 [--only-write]

Commands: fault NAME|none, state (the coils, and how often each was switched), power-cycle (all coils off, as after a
power cut of the board). The port is a link that goes away with the fault `drop` and comes back with another pty.
Faults: silence, drop, garbage, slow, half-frame, bad-checksum, busy (exception 06), wrong-answer (another unit's),
stuck (it answers and switches nothing), echo (a two-wire adapter: our own bytes come back before the answer; this
one must do no harm).
"""

from __future__ import annotations

import os
import select
import shutil
import tempfile
import threading
import time
import tty
from typing import Any

from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(
    ("silence", "drop", "garbage", "slow", "half-frame", "bad-checksum", "busy", "wrong-answer", "stuck", "echo")
)


def checksum(data: bytes) -> int:
    """CRC-16/MODBUS bit by bit, as Modbus over Serial Line, 6.2.2, describes it."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            lost = crc & 1
            crc >>= 1
            if lost:
                crc ^= 0xA001
    return crc


def framed(body: bytes) -> bytes:
    """Body and checksum."""
    crc = checksum(body)
    return body + bytes([crc & 0xFF, crc >> 8])


class Relays:
    """The board."""

    def __init__(self, unit: int, count: int, only_write: bool) -> None:
        self.unit, self.only_write = unit, only_write
        self.lock = threading.Lock()
        self.on = [False] * count
        self.switched = [0] * count
        self.requests = 0

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        with self.lock:
            return {
                "coils": list(self.on), "switched": list(self.switched),
                "requests": self.requests, "fault": FAULTS.name,
            }  # fmt: skip

    def power_cycle(self, words: list[str]) -> dict[str, Any]:
        """`power-cycle`"""
        with self.lock:
            self.on = [False] * len(self.on)
        return {"coils": list(self.on)}

    def answer(self, frame: bytes) -> bytes:
        """The answer to a whole request for this unit, without checksum."""
        with self.lock:
            self.requests += 1
            unit, function = frame[0], frame[1]

            def refuse(code: int) -> bytes:
                return bytes([unit, function | 0x80, code])

            if FAULTS.name == "busy":
                return refuse(6)
            first, value = int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big")
            if function == 5:
                if first >= len(self.on):
                    return refuse(2)
                if value not in (0, 0xFF00):
                    return refuse(3)
                self._switch(first, value != 0)
                return frame[:6]
            if function not in (1, 15) or self.only_write:
                return refuse(1)
            if not value or first + value > len(self.on):
                return refuse(2)
            if function == 1:
                packed = bytearray((value + 7) // 8)
                for at in range(value):
                    packed[at // 8] |= self.on[first + at] << (at % 8)
                return bytes([unit, 1, len(packed)]) + packed
            for at in range(value):
                self._switch(first + at, bool(frame[7 + at // 8] & (1 << (at % 8))))
            return frame[:6]

    def _switch(self, coil: int, on: bool) -> None:
        if FAULTS.name != "stuck" and self.on[coil] != on:
            self.on[coil] = on
            self.switched[coil] += 1


def take_request(buffer: bytearray) -> bytes | None:
    """The first whole request with a right checksum; what lies before it is thrown away."""
    for start in range(len(buffer)):
        head = buffer[start : start + 7]
        size = 8
        if len(head) > 6 and head[1] == 15:
            size = 9 + head[6]
        frame = bytes(buffer[start : start + size])
        if len(frame) == size and framed(frame[:-2]) == frame:
            del buffer[: start + size]
            return frame
    del buffer[:-300]
    return None


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

    def send(self, request: bytes, body: bytes) -> None:
        """Send the answer as the fault wants it."""
        fault, answer = FAULTS.name, framed(body)
        if fault == "silence":
            return
        if fault == "garbage":
            answer = bytes((byte * 7 + 3) % 251 for byte in answer)
        elif fault == "half-frame":
            answer = answer[: len(answer) // 2]
        elif fault == "bad-checksum":
            answer = answer[:-1] + bytes([answer[-1] ^ 0x55])
        elif fault == "wrong-answer":
            answer = framed(bytes([body[0] % 247 + 1]) + body[1:])
        elif fault == "echo":
            answer = request + answer
        if fault == "slow":
            for byte in answer:
                time.sleep(0.05)
                os.write(self.master, bytes([byte]))
        else:
            os.write(self.master, answer)


def run(relays: Relays, port: Port) -> None:
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
        if not select.select([port.master], [], [], 0.05)[0]:
            continue
        buffer += os.read(port.master, 4096)
        while (request := take_request(buffer)) is not None:
            if request[0] in (relays.unit, 0):
                body = relays.answer(request)
                if request[0]:  # nobody answers a broadcast
                    port.send(request, body)


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.add_argument("--unit", type=int, default=1)
    options.add_argument("--coils", type=int, default=8)
    options.add_argument("--only-write", action="store_true", help="refuse all functions but 05, as the cheapest do")
    chosen = options.parse_args()
    FAULTS.name = chosen.fault
    folder = tempfile.mkdtemp(prefix="lamps-")
    relays, port = Relays(chosen.unit, chosen.coils, chosen.only_write), Port(f"{folder}/port")
    if chosen.fault != "drop":
        port.open()
    threading.Thread(target=run, args=(relays, port), name="wire", daemon=True).start()
    handlers = {"state": relays.state, "power-cycle": relays.power_cycle, "fault": FAULTS.set}
    try:
        serve("lamps", handlers, chosen.with_parent, port=port.link)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
