"""A platform that lies: a small honest one in memory, and for the requests a test names, something else instead.

It is a program of its own behind a socket, written from the contract and from tus 1.0.0, not from the terminal's code.
"""

from __future__ import annotations

import base64
import contextlib
import copy
import hashlib
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

#: seconds after which a connection that waits for nothing is given up
PATIENCE = 5.0


@dataclass(frozen=True)
class Request:
    """What came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Response:
    """What is said."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def wire(self, head: bool = False) -> bytes:
        lines = [f"HTTP/1.1 {self.status} Said", *(f"{name}: {value}" for name, value in self.headers.items())]
        if "Content-Length" not in self.headers:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + (b"" if head else self.body)


#: takes the request, the honest answer's bytes and the connection; whether the connection is still good afterwards
Lie = Callable[[Request, bytes, socket.socket], bool]


class Honest:
    """What a platform must do for a terminal, and no more."""

    def __init__(self) -> None:
        self.cases: dict[str, bytes] = {}
        self.accepted: dict[str, str] = {}
        self.ratings: dict[str, bytes] = {}
        self.materials: dict[tuple[str, str], bytes] = {}
        self.uploads: dict[str, tuple[str, str, int, bytearray]] = {}
        self.beats: list[dict[str, object]] = []

    def answer(self, request: Request) -> Response:
        path = request.path.removeprefix("/api/v1")
        if request.line == "POST /api/v1/heartbeats":
            self.beats.append(json.loads(request.body))
            return _json({"server_time": datetime.now(UTC).isoformat()})
        if request.method == "PUT" and (found := re.fullmatch(r"/cases/(\S+)", path)):
            return self._case(found[1], request.body)
        if request.method == "PUT" and (found := re.fullmatch(r"/ratings/(\S+)", path)):
            self.ratings.setdefault(found[1], request.body)
            return _json({"rating_id": found[1], "received_at": datetime.now(UTC).isoformat()})
        if request.line == "POST /api/v1/uploads/":
            return self._create(request.headers)
        if found := re.fullmatch(r"/uploads/(\S+)", path):
            return self._upload(request, found[1])
        return Response(404)

    def _case(self, case_id: str, body: bytes) -> Response:
        if self.cases.setdefault(case_id, body) != body:
            return Response(409)
        named = list(dict.fromkeys(one["sha256"] for one in json.loads(body)["materials"]))
        missing = [digest for digest in named if (case_id, digest) not in self.materials]
        answer = {"case_id": case_id, "content_sha256": hashlib.sha256(body).hexdigest(), "state": "02"}
        if missing:
            return _json(answer | {"missing": missing})
        number = self.accepted.setdefault(case_id, f"3702-{len(self.accepted) + 1}")
        return _json(answer | {"case_number": number, "state": "05"})

    def _create(self, headers: dict[str, str]) -> Response:
        pairs = (pair.split(" ") for pair in headers["upload-metadata"].split(","))
        about = {name: base64.b64decode(value).decode() for name, value in pairs}
        name = f"u{len(self.uploads) + 1}"
        self.uploads[name] = (about["case_id"], about["sha256"], int(headers["upload-length"]), bytearray())
        return Response(201, {"Location": f"/api/v1/uploads/{name}"})

    def _upload(self, request: Request, name: str) -> Response:
        if name not in self.uploads:
            return Response(404)
        case_id, digest, length, content = self.uploads[name]
        if request.method == "PATCH":
            if int(request.headers["upload-offset"]) != len(content):
                return Response(409)
            content += request.body
            if len(content) == length:
                if hashlib.sha256(content).hexdigest() != digest:
                    del self.uploads[name]
                    return Response(460)
                self.materials[case_id, digest] = bytes(content)
        status = 200 if request.method == "HEAD" else 204
        return Response(status, {"Upload-Offset": str(len(content)), "Upload-Length": str(length)})


class LyingPlatform:
    """Listens on loopback. `lies` answers the requests whose line begins with `on`, `times` of them (-1: all).

    What it lies about is carried out all the same, or only seems to be.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.honest = Honest()
        self.seen: list[Request] = []
        self.connections = 0
        self._context = context
        self._on, self._times, self._lie, self._carried_out = "", 0, None, True
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'https' if self._context else 'http'}://localhost:{self.port}"

    def lies(self, on: str, lie: Lie, times: int = 1, carried_out: bool = True) -> None:
        with self._lock:
            self._on, self._times, self._lie, self._carried_out = on, times, lie, carried_out

    @property
    def lied_out(self) -> bool:
        """Whether every lie was told."""
        return self._times == 0

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        with contextlib.suppress(OSError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as read:
                while (request := _read(read)) is not None and self._one(request, connection):
                    pass

    def _one(self, request: Request, connection: socket.socket) -> bool:
        with self._lock:
            self.seen.append(request)
            lies = self._lie if self._times and request.line.startswith(self._on) else None
            self._times -= lies is not None
            platform = self.honest if lies is None or self._carried_out else copy.deepcopy(self.honest)
            honest = platform.answer(request).wire(request.method == "HEAD")
        if lies is not None:
            return lies(request, honest, connection)
        connection.sendall(honest)
        return True


def _read(read: object) -> Request | None:
    line = read.readline().decode()  # type: ignore[attr-defined]
    if not line.strip():
        return None
    method, path, _ = line.split(" ", 2)
    headers = {}
    while header := read.readline().decode().strip():  # type: ignore[attr-defined]
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = read.read(int(headers.get("content-length", 0)))  # type: ignore[attr-defined]
    return Request(method, path, headers, body)


def _json(content: dict[str, object]) -> Response:
    return Response(200, {"Content-Type": "application/json"}, json.dumps(content).encode())


# what can be said instead


def says(response: Response) -> Lie:
    """This, whatever was asked."""

    def lie(request: Request, honest: bytes, connection: socket.socket) -> bool:
        connection.sendall(response.wire(request.method == "HEAD"))
        return True

    return lie


def changed(change: Callable[[dict[str, object]], dict[str, object]]) -> Lie:
    """The honest message, changed."""

    def lie(request: Request, honest: bytes, connection: socket.socket) -> bool:
        body = honest.partition(b"\r\n\r\n")[2]
        connection.sendall(_json(change(json.loads(body))).wire())
        return True

    return lie


def twice(request: Request, honest: bytes, connection: socket.socket) -> bool:
    """The answer two times, at once."""
    connection.sendall(honest + honest)
    return True


def twice_late(request: Request, honest: bytes, connection: socket.socket) -> bool:
    """The answer, and once more where the next one is waited for."""
    connection.sendall(honest)
    time.sleep(0.02)
    connection.sendall(honest)
    return True


def late(seconds: float) -> Lie:
    """The answer, after everybody has stopped waiting; the connection stays open for the next request."""

    def lie(request: Request, honest: bytes, connection: socket.socket) -> bool:
        time.sleep(seconds)
        connection.sendall(honest)
        return True

    return lie


def half(request: Request, honest: bytes, connection: socket.socket) -> bool:
    """Half the answer, and an orderly end."""
    head, _, body = honest.partition(b"\r\n\r\n")
    connection.sendall(head + b"\r\n\r\n" + body[: len(body) // 2] if body else head)
    return False


def hangs_before(request: Request, honest: bytes, connection: socket.socket) -> bool:
    """Nothing at all, and the connection stays open."""
    time.sleep(1.0)
    return False


def hangs_within(request: Request, honest: bytes, connection: socket.socket) -> bool:
    """A beginning, and then nothing."""
    connection.sendall(honest[:-1] if honest.endswith(b"}") else honest[: len(honest) // 2])
    time.sleep(1.0)
    return False


def trickles_headers(request: Request, honest: bytes, connection: socket.socket) -> bool:
    """A header that never ends, a byte at a time, each well within any limit on waiting for one."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    with contextlib.suppress(OSError):
        for _ in range(40):
            connection.sendall(b"x")
            time.sleep(0.05)
    return False


def gigantic_headers(request: Request, honest: bytes, connection: socket.socket) -> bool:
    """Headers without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    with contextlib.suppress(OSError):
        for number in range(400):
            connection.sendall(f"X-{number}: {'x' * 60_000}\r\n".encode())
    return False


def hangs_up(request: Request, honest: bytes, connection: socket.socket) -> bool:
    """Carried out, and not a byte said."""
    return False
