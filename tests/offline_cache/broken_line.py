"""A TCP line that breaks after an exact number of bytes, carries a few bytes at a time, or holds one answer back."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass
from typing import Literal

Direction = Literal["there", "back"]

#: closing with these resets the connection: the other side gets an error and not an orderly end
_RESET = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass(frozen=True)
class Fault:
    """What happens on the way: after `offset` bytes in `direction`, over all connections, it breaks once.

    `reset`: by an error, else as if the other side had closed. `piece`: bytes carried at once, with `pause` seconds
    between (0: as they come). `hold`: the piece of that number that comes back waits until the line is let go.
    """

    direction: Direction = "there"
    offset: int | None = None
    reset: bool = True
    piece: int = 65536
    pause: float = 0.0
    hold: int | None = None


class BrokenLine:
    """Forwards a port of this machine to `target`. `passed` counts the bytes of each direction since `begin`."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._free = threading.Event()
        self._fault = Fault()
        self.broke = False
        self.passed: dict[Direction, int] = {"there": 0, "back": 0}
        self._answers = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def begin(self, fault: Fault) -> None:
        """From now on, this fault."""
        with self._lock:
            self._fault, self.broke, self._answers = fault, False, 0
            self.passed = {"there": 0, "back": 0}
            self._free.clear()

    def let_go(self) -> None:
        """What is held back comes through."""
        self._free.set()

    def close(self) -> None:
        """No further connections."""
        self._free.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            for one in (near, far):
                one.settimeout(None)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ends = (near, far)
            threading.Thread(target=self._carry, args=(near, far, "there", ends), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, "back", ends), daemon=True).start()

    def _carry(
        self, source: socket.socket, sink: socket.socket, way: Direction, ends: tuple[socket.socket, ...]
    ) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(self._fault.piece):
                passes, breaks, held = self._judge(way, len(data))
                if held:
                    self._free.wait(20)
                sink.sendall(data[:passes])
                if breaks:
                    self._break(ends)
                    return
                if self._fault.pause:
                    time.sleep(self._fault.pause)
        for one in ends:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _judge(self, way: Direction, length: int) -> tuple[int, bool, bool]:
        """How many of these bytes pass, whether the line breaks then, whether they are held back."""
        with self._lock:
            fault, before = self._fault, self.passed[way]
            held = way == "back" and self._answers == fault.hold
            self._answers += way == "back"
            if (
                fault.offset is not None
                and not self.broke
                and fault.direction == way
                and before + length > fault.offset
            ):
                self.broke = True
                self.passed[way] = fault.offset
                return fault.offset - before, True, False
            self.passed[way] += length
            return length, False, held

    def _break(self, ends: tuple[socket.socket, ...]) -> None:
        for one in ends:
            with contextlib.suppress(OSError):
                if self._fault.reset:
                    one.setsockopt(*_RESET)
                one.shutdown(socket.SHUT_RDWR)
