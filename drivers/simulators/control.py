"""The control channel of a simulator: a loopback TCP port, one command a line, one JSON answer a line.

python -m drivers.simulators.control 127.0.0.1:4711 fault paper-out
"""

from __future__ import annotations

import json
import shlex
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

# A handler takes the words behind its name and returns what the answer shall hold besides "ok".
Handler = Callable[[list[str]], dict[str, Any]]


class WrongCommand(Exception):
    """The command cannot be carried out; its text goes back to whoever sent it."""


class Control:
    """Serves the handlers, one command at a time."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = handlers
        self._lock = threading.Lock()
        control = self

        class Connection(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    answer = control._answer(line.decode("utf-8", "replace"))
                    self.wfile.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Connection)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, name="control", daemon=True).start()

    def _answer(self, line: str) -> dict[str, Any]:
        try:
            name, *words = shlex.split(line)
            if name not in self._handlers:
                raise WrongCommand(f"no command {name!r}; there are {', '.join(sorted(self._handlers))}")
            with self._lock:
                return {"ok": True, **self._handlers[name](words)}
        except (WrongCommand, ValueError, OSError, KeyError) as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}


def command(address: str, line: str, timeout: float = 30.0) -> dict[str, Any]:
    """Send one command, give its answer. Raises OSError when no simulator listens there."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=timeout) as connection:
        connection.sendall(line.encode() + b"\n")
        with connection.makefile("rb") as answers:
            answer: dict[str, Any] = json.loads(answers.readline())
            return answer


def main() -> int:
    """Send one command from the command line."""
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        answer = command(sys.argv[1], shlex.join(sys.argv[2:]))
    except (OSError, ValueError) as error:
        print(f"no simulator answers at {sys.argv[1]}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(answer, ensure_ascii=False))
    return 0 if answer["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
