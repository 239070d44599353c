"""A simulated ESC/POS receipt printer, written from the public command tables.

    python -m drivers.simulators.receipt_printer --out DIR [--wire tcp|serial|file|pipe] [--columns 32] [--no-gs-r] …

It listens on a TCP port, or on a pty as a serial line (--wire serial) or as a device file (--wire file), or reads a
named pipe (--wire pipe). Each cut writes receipt-N.bin (the bytes, without questions), receipt-N.txt and receipt-N.png.
Commands: fault NAME|none, state. A printer that cannot print keeps what it got and prints it later, as real ones do; it
still answers DLE EOT. --asb: it tells changes by itself, also where nobody switched that on.
Faults, beside those named after what they are: chatty (an ASB block before each answer), half-frame (half an ASB block
instead of an answer), garbage (noise instead of an answer), slow (0.3 s before each answer), frozen (answers that all
is well and prints nothing), busy-briefly (busy for a second), cutter-error (begins with the next cut); NAME-midway
begins with the fifth line of the next receipt, NAME-at-end behind its cut.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import threading
import time
import tty
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from drivers.simulators.program import Faults, parser, serve
from drivers.simulators.receipt_commands import CLEAR, LENGTHS, chinese, next_command
from drivers.simulators.receipt_paper import Paper, Style

STOPPED = ("paper-out", "cover-open", "jam", "busy", "busy-briefly", "error", "overheated", "offline")
SILENT = ("silence", "drop")
_LATER = (
    *STOPPED, *SILENT, "frozen", "garbage", "slow", "half-frame", "near-end",
)  # fmt: skip
FAULTS = Faults(
    (
        *STOPPED, *SILENT, "near-end", "chatty", "slow", "garbage", "half-frame", "frozen", "cutter-error",
        *(f"{name}-{when}" for name in _LATER for when in ("midway", "at-end")),
    )
)  # fmt: skip
_MIDWAY_ROWS = 5
_NOISE = b"\xa7\x93\xee\xff\x81\xb5"
_SLOW, _BRIEFLY = 0.3, 1.0  # seconds


def status_byte(number: int) -> int:
    """The answer to DLE EOT number."""
    fault = FAULTS.name
    byte = 0x12
    if number == 1 and fault in STOPPED:
        byte |= 0x08
    elif number == 2:
        byte |= {"cover-open": 0x04, "paper-out": 0x20, "jam": 0x40, "error": 0x40, "overheated": 0x40}.get(fault, 0)
    elif number == 3:
        byte |= {"jam": 0x08, "error": 0x20, "overheated": 0x40}.get(fault, 0)
    elif number == 4:
        byte |= {"near-end": 0x0C, "paper-out": 0x6C}.get(fault, 0)
    return byte


def asb_block() -> bytes:
    """The status block the printer sends by itself."""
    fault = FAULTS.name
    first = 0x10 | (0x08 if fault in STOPPED else 0) | (0x20 if fault == "cover-open" else 0)
    second = {"jam": 0x08, "error": 0x20, "overheated": 0x40}.get(fault, 0)
    return bytes((first, second, {"paper-out": 0x0F, "near-end": 0x03}.get(fault, 0), 0))


class Connection:
    """One client: what it sent and was not worked on yet, and the way back to it."""

    def __init__(self, write: Callable[[bytes], None], asb: bool) -> None:
        self.write = write
        self.data = bytearray()
        self.asb = asb

    def send(self, data: bytes) -> None:
        """Bytes on their way, if anybody is there."""
        with contextlib.suppress(OSError):
            self.write(data)

    def answer(self, data: bytes) -> None:
        """Send an answer, if the fault lets it."""
        fault = FAULTS.name
        if fault in SILENT:
            return
        if fault == "slow":
            time.sleep(_SLOW)
        block = asb_block()
        self.send({"chatty": block + data, "garbage": _NOISE, "half-frame": block[:2]}.get(fault, data))


def _write(file: Path, content: bytes) -> None:
    """Whoever waits for the file finds it whole."""
    part = file.with_suffix(".part")
    part.write_bytes(content)
    part.rename(file)


class Printer:
    """Executes commands in order; what it cannot do yet waits."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.out = options, options.out
        self.lock = threading.RLock()
        self.work = threading.Condition(self.lock)
        self.waiting: deque[tuple[bytes, Connection]] = deque()
        self.connections: list[Connection] = []
        self.receipts = len(list(self.out.glob("receipt-*.bin")))
        self.unknown: list[str] = []
        self.told = asb_block()
        self.reset()
        self.blank()

    def reset(self) -> None:
        """ESC @"""
        self.style, self.kanji, self.line = Style(), False, list[tuple[str, Style]]()
        self.qr_module, self.qr_error, self.qr_data = 3, "L", b""

    def blank(self) -> None:
        """New paper."""
        self.paper, self.raw = Paper(self.options.columns, not self.options.no_pictures), bytearray()

    def receive(self, data: bytes, connection: Connection) -> None:
        """Take bytes: status questions are answered at once, the rest is done in its turn."""
        with self.lock:
            connection.data += data
            if not self.options.no_clear and (place := connection.data.find(CLEAR)) >= 0:
                # also in the middle of a picture whose rest never came
                del connection.data[: place + len(CLEAR)]
                self.waiting.clear()
                self.line = []
                self.blank()
                connection.answer(b"\x37\x25\x00")
            while command := next_command(connection.data):
                if command.startswith(b"\x10\x04"):
                    if not self.options.no_dle_eot and command[2] in self.options.dle_eot:
                        connection.answer(bytes((status_byte(command[2]),)))
                elif command[0] != 0x10:
                    self.waiting.append((command, connection))
            self.work.notify_all()

    def run(self) -> None:
        """Print what waits, as long as the printer can."""
        while True:
            with self.work:
                while not self.waiting or FAULTS.name in (*STOPPED, "frozen"):
                    self.work.wait()
                command, connection = self.waiting.popleft()
                if command[:2] == b"\x1dV" and FAULTS.name == "cutter-error":
                    self.waiting.appendleft((command, connection))
                    self.switch("jam")
                    continue
                if command[:2] not in (b"\x1dr", b"\x1da"):
                    self.raw += command
                rows = len(self.paper.rows)
                self.execute(command, connection)
                rows = len(self.paper.rows) - rows
                if FAULTS.name.endswith("-midway") and len(self.paper.rows) >= _MIDWAY_ROWS:
                    self.switch(FAULTS.name.removesuffix("-midway"))
                if FAULTS.name.endswith("-at-end") and command[:2] == b"\x1dV":
                    self.switch(FAULTS.name.removesuffix("-at-end"))
            if rows > 0 and self.options.pace:
                time.sleep(rows * self.options.pace)

    def execute(self, command: bytes, connection: Connection) -> None:
        """Do one command."""
        head = command[:2]
        last = command[-1]
        if command == b"\n":
            self.feed_line()
        elif command[0] < 0x20 and len(command) == 1:
            if command[0] in b"\x10\x1b\x1c\x1d":
                self.unknown.append(command.hex())
        elif head == b"\x1b@":
            self.reset()
            connection.asb = bool(self.options.asb)
        elif head == b"\x1b!":
            self.style = Style(
                self.style.align,
                bool(last & 8),
                2 if last & 0x20 else 1,
                2 if last & 0x10 else 1,
                bool(last & 0x80),
            )
        elif head == b"\x1d!":
            self.style = replace(self.style, wide=(last >> 4) + 1, high=(last & 7) + 1)
        elif head == b"\x1bE":
            self.style = replace(self.style, bold=bool(last & 1))
        elif head == b"\x1ba":
            self.style = replace(self.style, align=last % 48)
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
            if not self.options.no_gs_r:
                connection.answer(bytes(({"paper-out": 0x0F, "near-end": 0x03}.get(FAULTS.name, 0),)))
        elif head == b"\x1da":
            connection.asb = last != 0
            if connection.asb:
                connection.send(asb_block())
        elif head not in LENGTHS:
            self.print_text(command)

    def print_text(self, data: bytes) -> None:
        """Characters onto the line, wrapped at its end."""
        text = chinese(data, self.options.font) if self.kanji else data.decode("cp437")
        used = sum((1 if char < "\x80" else 2) * style.wide for part, style in self.line for char in part)
        for char in text:
            wide = (1 if char < "\x80" else 2) * self.style.wide
            if used + wide > self.options.columns:
                self.feed_line()
                used = 0
            self.line.append((char, self.style))
            used += wide

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
        _write(name.with_suffix(".bin"), bytes(self.raw))
        _write(name.with_suffix(".txt"), ("\n".join(self.paper.text) + "\n").encode())
        if not self.options.no_pictures:
            self.paper.picture().save(name.with_suffix(".png"))
        for number, picture in enumerate(self.paper.pictures):
            picture.save(self.out / f"receipt-{self.receipts}-picture-{number}.png")
        self.blank()

    def switch(self, fault: str) -> None:
        """A fault begins or ends; whoever asked for that is told."""
        FAULTS.name = fault
        block = asb_block()
        if block != self.told:
            self.told = block
            for connection in list(self.connections):
                if connection.asb:
                    connection.send(block)
        self.work.notify_all()
        if fault == "busy-briefly":
            threading.Timer(_BRIEFLY, self.end_of, (fault,)).start()

    def end_of(self, fault: str) -> None:
        """The fault is over, if it still is there."""
        with self.lock:
            if FAULTS.name == fault:
                self.switch("none")

    # commands of the control channel

    def fault(self, words: list[str]) -> dict[str, Any]:
        """`fault NAME|none`"""
        with self.lock:
            answer = FAULTS.set(words)
            self.switch(FAULTS.name)
            return answer

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        with self.lock:
            return {
                "fault": FAULTS.name, "receipts": self.receipts, "waiting": len(self.waiting),
                "lines": len(self.paper.rows), "unknown": self.unknown, "connections": len(self.connections),
            }  # fmt: skip


# the wires


def talk(printer: Printer, connection: Connection, read: Callable[[], bytes | None]) -> None:
    """Hand on what a client sends until it leaves (None), or the fault drops it."""
    with printer.lock:
        printer.connections.append(connection)
    if connection.asb:
        connection.send(asb_block())
    while FAULTS.name != "drop" and (data := read()) is not None:
        if data:
            printer.receive(data, connection)
    with printer.lock:
        printer.connections.remove(connection)


def client(printer: Printer, peer: socket.socket) -> None:
    """One TCP client."""
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.settimeout(0.1)

    def read() -> bytes | None:
        try:
            return peer.recv(65536) or None
        except TimeoutError:
            return b""
        except OSError:
            return None

    with peer:
        talk(printer, Connection(peer.sendall, printer.options.asb), read)


def listen(printer: Printer, server: socket.socket) -> None:
    """Take clients, each in a thread, or one after the other: the next one connects, and waits."""
    while True:
        peer, _ = server.accept()
        if printer.options.rests:
            where = server.getsockname()
            server.close()
            client(printer, peer)
            time.sleep(printer.options.rests)
            server = socket.create_server(where)
        elif printer.options.one_connection:
            client(printer, peer)
        else:
            threading.Thread(target=client, args=(printer, peer), daemon=True).start()


def terminal(printer: Printer, link: Path, ready: threading.Event) -> None:
    """A pty behind a link; the fault drop takes both away, and another comes with its end, as USB adapters do."""
    while True:
        while FAULTS.name == "drop":
            ready.set()
            time.sleep(0.05)
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(slave))
        ready.set()

        def read(master: int = master) -> bytes | None:
            try:
                return os.read(master, 65536)
            except BlockingIOError:
                time.sleep(0.005)
                return b""

        def write(data: bytes, master: int = master) -> None:
            os.write(master, data)

        talk(printer, Connection(write, printer.options.asb), read)
        link.unlink(missing_ok=True)
        os.close(slave)
        os.close(master)


def pipe(printer: Printer, path: Path) -> None:
    """A named pipe: it takes, and cannot answer."""

    def nowhere(data: bytes) -> None:
        return

    handle = os.open(path, os.O_RDWR)  # with a writing end of its own it has no end
    talk(printer, Connection(nowhere, False), lambda: os.read(handle, 65536))


def start(printer: Printer) -> str:
    """Open the wire; its address."""
    wire, out = printer.options.wire, printer.options.out.absolute()
    if wire == "tcp":
        server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=listen, args=(printer, server), name="wire", daemon=True).start()
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"
    if wire == "pipe":
        os.mkfifo(out / "lp0")
        threading.Thread(target=pipe, args=(printer, out / "lp0"), name="wire", daemon=True).start()
        return f"file:{out / 'lp0'}"
    ready = threading.Event()
    threading.Thread(target=terminal, args=(printer, out / "lp0", ready), name="wire", daemon=True).start()
    ready.wait()
    return f"{wire}:{out / 'lp0'}"


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.add_argument("--out", type=Path, required=True, help="where receipts are written")
    options.add_argument("--wire", choices=("tcp", "serial", "file", "pipe"), default="tcp")
    options.add_argument("--columns", type=int, default=48, help="half-width characters a line; 32 is 58 mm paper")
    options.add_argument("--font", choices=("gb2312", "gbk", "gb18030"), default="gbk", help="what its font has")
    options.add_argument("--pace", type=float, default=0.0, help="seconds a line takes")
    options.add_argument("--one-connection", action="store_true", help="a second TCP client waits for the first")
    options.add_argument("--rests", type=float, default=0, help="one TCP client, and none for so many seconds after it")
    options.add_argument("--no-gs-r", action="store_true", help="does not know GS r")
    options.add_argument("--no-dle-eot", action="store_true", help="does not know DLE EOT; with --no-gs-r it is mute")
    options.add_argument("--dle-eot", type=int, nargs="*", default=[1, 2, 3, 4], help="the questions it knows")
    options.add_argument("--no-clear", action="store_true", help="does not know DLE DC4 8")
    options.add_argument("--asb", action="store_true", help="tells changes by itself, also unasked")
    options.add_argument("--no-pictures", action="store_true", help="no receipt-N.png: faster")
    chosen = options.parse_args()
    FAULTS.name = chosen.fault
    chosen.out.mkdir(parents=True, exist_ok=True)
    printer = Printer(chosen)
    threading.Thread(target=printer.run, name="print", daemon=True).start()
    handlers = {"fault": printer.fault, "state": printer.state}
    serve("receipt_printer", handlers, chosen.with_parent, port=start(printer), out=str(chosen.out))


if __name__ == "__main__":
    main()
