"""How a stand-in starts, is commanded and ends. Control: a TCP port, one command a line, one JSON line back."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Command = Callable[[list[str]], dict[str, Any]]


class Service(ThreadingHTTPServer):
    """The HTTP side on a free port of 127.0.0.1, and the fault that is switched on."""

    daemon_threads = True
    faults: tuple[str, ...] = ()

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.fault = "none"
        self.ending = threading.Event()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def set_fault(self, words: list[str]) -> dict[str, Any]:
        """The command `fault NAME`. Raises ValueError for a name it does not have."""
        if len(words) != 1 or words[0] not in ("none", *self.faults):
            raise ValueError(f"fault is one of none, {', '.join(self.faults)}")
        self.fault = words[0]
        return {"fault": self.fault}


class Answering(BaseHTTPRequestHandler):
    """A request, answered in JSON; nothing is logged."""

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""

    def answer(self, content: Any, status: int = 200) -> None:
        """Send `content` as JSON."""
        self.answer_bytes(json.dumps(content, ensure_ascii=False).encode(), status)

    def answer_bytes(self, body: bytes, status: int = 200) -> None:
        """Send bytes."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def run(name: str, service: Service, commands: Mapping[str, Command], description: str) -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--fault", choices=("none", *service.faults), default="none")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    options = parser.parse_args()
    service.fault = options.fault
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.ending.set())
    control = _control({"fault": service.set_fault, **commands})
    for server in (service, control):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    host, port = control.server_address[:2]
    print(json.dumps({"service": name, "url": service.url, "control": f"{host!s}:{port}"}), flush=True)
    if options.with_parent:
        threading.Thread(target=_wait_for_parent, args=(service.ending,), daemon=True).start()
    service.ending.wait()


def command(address: str, line: str, timeout: float = 20.0) -> dict[str, Any]:
    """Send one command to a control address, give its answer. Raises OSError when nothing listens there."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout) as connection:
        connection.sendall(line.encode() + b"\n")
        with connection.makefile("rb") as answers:
            answer: dict[str, Any] = json.loads(answers.readline())
            return answer


def _control(commands: Mapping[str, Command]) -> socketserver.ThreadingTCPServer:
    class Connection(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for line in self.rfile:
                name, *words = line.decode().split() or [""]
                try:
                    answer = {"ok": True, **commands[name](words)}
                except (KeyError, ValueError, IndexError) as error:
                    answer = {"ok": False, "error": str(error), "commands": sorted(commands)}
                self.wfile.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)
    server.daemon_threads = True
    return server


def _wait_for_parent(ending: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    ending.set()
