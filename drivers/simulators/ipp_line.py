"""The cable to a simulated IPP printer: passes bytes on, or spoils them.

silence: nothing passes, on lines that are open, too. drop: every line is closed at once. garbage: the answer is no IPP.
half-frame: the answer ends in its middle. busy: the answer is server-error-busy (RFC 8011 B.1.5.8).
"""

from __future__ import annotations

import contextlib
import random
import selectors
import socket
import socketserver
import struct
import threading
import time

from drivers.simulators.program import Faults

LINE_FAULTS = ("silence", "drop", "garbage", "half-frame", "busy")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
# version 1.1, server-error-busy, request-id 1, operation group with its two attributes, end
_BUSY = (
    struct.pack(">BBHI", 1, 1, 0x0507, 1)
    + b"\x01\x47\x00\x12attributes-charset\x00\x05utf-8\x48\x00\x1battributes-natural-language\x00\x02en\x03"
)


class IppLine:
    """A port of its own before the printer's."""

    def __init__(self, faults: Faults, printer_port: int) -> None:
        line = self
        self._faults = faults
        self._printer_port = printer_port

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    line._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

        self._make = lambda port: Server(("localhost", port), Connection)
        self.port = 0
        self._server: socketserver.ThreadingTCPServer | None = None
        self.plug()

    def plug(self) -> None:
        """Listen, on the same port each time."""
        if self._server is None:
            self._server = self._make(self.port)
            self.port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.05,), name="ipp-line", daemon=True).start()

    def unplug(self) -> None:
        """Refuse connections, as a printer does that is switched off."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _serve(self, client: socket.socket) -> None:
        match self._faults.name:
            case "drop":
                return
            case "garbage":
                _swallow(client)
                client.sendall(_HEAD % 300 + random.Random(7).randbytes(300))
            case "busy":
                _swallow(client)
                client.sendall(_HEAD % len(_BUSY) + _BUSY)
            case "silence":
                self._hold()
            case _:
                with socket.create_connection(("localhost", self._printer_port), 5) as printer:
                    self._pass(client, printer)

    def _pass(self, client: socket.socket, printer: socket.socket) -> None:
        other = {client: printer, printer: client}
        with selectors.DefaultSelector() as selector:
            for end in other:
                selector.register(end, selectors.EVENT_READ, end)
            while self._faults.name != "drop":
                for key, _ in selector.select(0.05):
                    if self._faults.name == "silence":
                        self._hold()
                        return
                    one: socket.socket = key.data
                    data = one.recv(65536)
                    if not data:
                        return
                    if one is printer and self._faults.name == "half-frame" and not data.startswith(b"HTTP/1.1 100"):
                        client.sendall(data[: len(data) // 2])
                        return
                    other[one].sendall(data)

    def _hold(self) -> None:
        """Until the fault is over; then the line is closed, as nobody knows what was lost."""
        while self._faults.name == "silence":
            time.sleep(0.05)


def _swallow(client: socket.socket) -> None:
    """Read a request until nothing more comes."""
    client.settimeout(0.3)
    with contextlib.suppress(TimeoutError):
        while client.recv(65536):
            pass
    client.settimeout(5)
