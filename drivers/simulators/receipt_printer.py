"""A simulated ESC/POS receipt printer on a TCP port, written from the public command tables.

    python -m drivers.simulators.receipt_printer --out DIR

Each cut writes receipt-N.bin (the bytes), receipt-N.txt and receipt-N.png. Commands: fault NAME|none, state.
A printer that cannot print (no paper, cover open, jam, busy) keeps what it got and prints it later, as real
ones do; it still answers DLE EOT.
Faults: paper-out, near-end, cover-open, silence, drop, jam, busy, chatty (an ASB block before each answer),
paper-out-midway and silence-midway (begin with the fifth line of the next receipt).
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque
from pathlib import Path
from typing import Any

from PIL import Image

from drivers.simulators.program import Faults, parser, serve
from drivers.simulators.receipt_paper import Paper, Style

FAULTS = Faults(
    (
        "paper-out",
        "near-end",
        "cover-open",
        "silence",
        "drop",
        "jam",
        "busy",
        "chatty",
        "paper-out-midway",
        "silence-midway",
    )
)
STOPPED = ("paper-out", "cover-open", "jam", "busy")
COLUMNS = 48
# command -> bytes of parameters behind it, for those that only need to be passed over or take a fixed number
LENGTHS = {
    b"\x1b@": 0, b"\x1b!": 1, b"\x1bE": 1, b"\x1bG": 1, b"\x1ba": 1, b"\x1bd": 1, b"\x1bJ": 1, b"\x1b-": 1,
    b"\x1bM": 1, b"\x1bt": 1, b"\x1bR": 1, b"\x1b2": 0, b"\x1b3": 1, b"\x1b{": 1, b"\x1b$": 2, b"\x1b=": 1,
    b"\x1c&": 0, b"\x1c.": 0, b"\x1c!": 1, b"\x1cC": 1, b"\x1cS": 2,
    b"\x1d!": 1, b"\x1dB": 1, b"\x1dL": 2, b"\x1dW": 2, b"\x1dr": 1, b"\x1da": 1,
}  # fmt: skip


def status_byte(number: int) -> int:
    """The answer to DLE EOT number."""
    fault = FAULTS.name
    byte = 0x12
    if number == 1 and fault in STOPPED:
        byte |= 0x08
    elif number == 2:
        byte |= {"cover-open": 0x04, "paper-out": 0x20, "jam": 0x40}.get(fault, 0)
    elif number == 3 and fault == "jam":
        byte |= 0x08
    elif number == 4:
        byte |= {"near-end": 0x0C, "paper-out": 0x6C}.get(fault, 0)
    return byte


def asb_block() -> bytes:
    """The status block the printer sends by itself."""
    fault = FAULTS.name
    first = 0x10 | (0x08 if fault in STOPPED else 0) | (0x20 if fault == "cover-open" else 0)
    return bytes((first, 0x08 if fault == "jam" else 0, 0x0C if fault == "paper-out" else 0, 0))


def next_command(data: bytearray) -> bytes | None:
    """Take one whole command, or one run of text, from the front; None while it is not whole."""
    if not data:
        return None
    if data[0] not in b"\x10\x1b\x1c\x1d\x0a\x0d\x0c":
        # text is whole when a command follows: a character of two bytes may still be on its way
        end = next((i for i, byte in enumerate(data) if byte in b"\x10\x1b\x1c\x1d\x0a\x0d\x0c"), None)
        return None if end is None else take(data, end)
    if data[0] in b"\x0a\x0d\x0c":
        return take(data, 1)
    if len(data) < 3:
        return take(data, 2) if bytes(data) in (b"\x1b@", b"\x1b2", b"\x1c&", b"\x1c.") else None
    head = bytes(data[:2])
    if head == b"\x10\x04":
        return take(data, 3)
    if head == b"\x10\x14":
        return take(data, 10 if data[2] == 8 else 5)
    if head == b"\x1dV":
        return take(data, 3 if data[2] in b"\x00\x01\x30\x31" else 4)
    if head == b"\x1d(":
        return take(data, 5 + int.from_bytes(data[3:5], "little")) if len(data) >= 5 else None
    if head == b"\x1dv":
        if len(data) < 8:
            return None
        return take(data, 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little"))
    if head in LENGTHS:
        return take(data, 2 + LENGTHS[head])
    return take(data, 1)


def take(data: bytearray, count: int) -> bytes | None:
    """The first `count` bytes, taken out; None while they are not all there."""
    if len(data) < count:
        return None
    taken = bytes(data[:count])
    del data[:count]
    return taken


class Printer:
    """Executes commands in order; what it cannot do yet waits."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.lock = threading.RLock()
        self.waiting: deque[tuple[bytes, Connection]] = deque()
        self.receipts = len(list(out.glob("receipt-*.bin")))
        self.unknown: list[str] = []
        self.reset()
        self.paper, self.raw = Paper(), bytearray()

    def reset(self) -> None:
        """ESC @"""
        self.style, self.kanji, self.line = Style(), False, list[tuple[str, Style]]()
        self.qr_module, self.qr_error, self.qr_data = 3, "L", b""

    def receive(self, command: bytes, connection: Connection) -> None:
        """Take one command: status at once, the rest in its turn."""
        with self.lock:
            if command.startswith(b"\x10\x04"):
                connection.answer(bytes((status_byte(command[2]),)))
            elif command.startswith(b"\x10\x14\x08"):
                self.waiting.clear()
                self.line = []
                self.paper, self.raw = Paper(), bytearray()
            else:
                self.waiting.append((command, connection))
                self.work()

    def work(self) -> None:
        """Print what waits, as long as the printer can."""
        while self.waiting and FAULTS.name not in STOPPED:
            command, connection = self.waiting.popleft()
            self.raw += command
            self.execute(command, connection)
            if FAULTS.name.endswith("-midway") and len(self.paper.rows) >= 5:
                FAULTS.name = FAULTS.name.removesuffix("-midway")

    def execute(self, command: bytes, connection: Connection) -> None:
        """Do one command."""
        head = command[:2]
        last = command[-1]
        if command in (b"\n", b"\r", b"\x0c"):
            if command == b"\n":
                self.feed_line()
        elif head == b"\x1b@":
            self.reset()
        elif head == b"\x1b!":
            self.style = Style(
                self.style.align,
                bool(last & 8),
                2 if last & 0x20 else 1,
                2 if last & 0x10 else 1,
                bool(last & 0x80),
            )
        elif head == b"\x1d!":
            self.restyle(wide=(last >> 4) + 1, high=(last & 7) + 1)
        elif head == b"\x1bE":
            self.restyle(bold=bool(last & 1))
        elif head == b"\x1ba":
            self.restyle(align=last % 48)
        elif head == b"\x1bd":
            for _ in range(last):
                self.feed_line()
        elif head == b"\x1bJ":
            self.paper.feed(last)
        elif head in (b"\x1c&", b"\x1c."):
            self.kanji = head == b"\x1c&"
        elif head == b"\x1dv":
            width, height = int.from_bytes(command[4:6], "little"), int.from_bytes(command[6:8], "little")
            bits = Image.frombytes("1", (width * 8, height), command[8:]).point(lambda dot: 255 - dot)
            self.paper.raster(bits, self.style.align)
        elif head == b"\x1d(":
            self.code(command)
        elif head == b"\x1dV":
            self.cut()
        elif head == b"\x1dr":
            connection.answer(
                bytes((0x0F if FAULTS.name == "paper-out" else 0x03 if FAULTS.name == "near-end" else 0,))
            )
        elif command[0] in b"\x10\x1b\x1c\x1d":
            if head not in LENGTHS:
                self.unknown.append(command[:8].hex())
        else:
            self.print_text(command)

    def restyle(self, **changes: Any) -> None:
        """Change some of the style."""
        self.style = Style(**{**vars(self.style), **changes})

    def print_text(self, data: bytes) -> None:
        """Characters onto the line, wrapped at its end."""
        # the font has what GBK has: a character of four bytes comes out as two marks, as on paper
        text = data.decode("gbk" if self.kanji else "cp437", "replace").replace("\ufffd", "?")
        for char in text:
            used = sum(len(part.encode("gbk", "replace")) * style.wide for part, style in self.line)
            if used + len(char.encode("gbk", "replace")) * self.style.wide > COLUMNS:
                self.feed_line()
            self.line.append((char, self.style))

    def feed_line(self) -> None:
        """Print the line."""
        self.paper.line(self.line)
        self.line = []

    def code(self, command: bytes) -> None:
        """GS ( k: the parts of a QR code."""
        if command[2:3] != b"k" or command[5:6] != b"1":
            self.unknown.append(command[:8].hex())
            return
        function, rest = command[6], command[7:]
        if function == 67:
            self.qr_module = rest[0]
        elif function == 69:
            self.qr_error = "LMQH"[rest[0] - 48]
        elif function == 80:
            self.qr_data = rest[1:]
        elif function == 81:
            self.paper.qr(self.qr_data, self.qr_module, self.qr_error, self.style.align)

    def cut(self) -> None:
        """Cut the paper and write the receipt down."""
        if self.line:
            self.feed_line()
        self.receipts += 1
        name = self.out / f"receipt-{self.receipts}"
        name.with_suffix(".bin").write_bytes(self.raw)
        self.paper.picture().save(name.with_suffix(".png"))
        name.with_suffix(".txt").write_text("\n".join(self.paper.text) + "\n", encoding="utf-8")
        self.paper, self.raw = Paper(), bytearray()

    # commands of the control channel

    def fault(self, words: list[str]) -> dict[str, Any]:
        """`fault NAME|none`"""
        with self.lock:
            answer = FAULTS.set(words)
            self.work()
            return answer

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        with self.lock:
            return {
                "fault": FAULTS.name, "receipts": self.receipts, "waiting": len(self.waiting),
                "lines": len(self.paper.rows), "unknown": self.unknown,
            }  # fmt: skip


class Connection:
    """One client."""

    def __init__(self, client: socket.socket) -> None:
        self.client = client

    def answer(self, data: bytes) -> None:
        """Send an answer, if the fault lets it."""
        if FAULTS.name == "silence":
            return
        with contextlib.suppress(OSError):  # nobody listens any more
            self.client.sendall((asb_block() if FAULTS.name == "chatty" else b"") + data)

    def run(self, printer: Printer) -> None:
        """Read commands until the client leaves."""
        data = bytearray()
        self.client.settimeout(0.1)
        with self.client:
            while FAULTS.name != "drop":
                try:
                    received = self.client.recv(65536)
                except TimeoutError:
                    continue
                except OSError:
                    return
                if not received:
                    return
                data += received
                while command := next_command(data):
                    printer.receive(command, self)


def accept(server: socket.socket, printer: Printer) -> None:
    """Take clients, each in a thread."""
    while True:
        client, _ = server.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=Connection(client).run, args=(printer,), daemon=True).start()


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.add_argument("--out", type=Path, required=True, help="where receipts are written")
    chosen = options.parse_args()
    FAULTS.name = chosen.fault
    chosen.out.mkdir(parents=True, exist_ok=True)
    printer = Printer(chosen.out)
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, args=(server, printer), name="wire", daemon=True).start()
    handlers = {"fault": printer.fault, "state": printer.state}
    serve(
        "receipt_printer", handlers, chosen.with_parent,
        port=f"tcp://127.0.0.1:{server.getsockname()[1]}", out=str(chosen.out),
    )  # fmt: skip


if __name__ == "__main__":
    main()
