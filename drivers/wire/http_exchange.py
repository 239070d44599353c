"""One HTTP question and its answer, which ends in time however slowly the bytes come."""

from __future__ import annotations

import contextlib
import http.client
import io
import select
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from drivers.errors import BadAnswer, ConfigError, DeviceGone, NoAnswer


def parse_url(url: str, ports: Mapping[str, int]) -> SplitResult:
    """A URL with a host and a port, which is `ports`' of its scheme where it names none. Raises ConfigError."""
    try:
        parts = urlsplit(url)
        port = parts.port or ports[parts.scheme]
        host = parts.hostname
    except (ValueError, KeyError):
        host, port = None, 0
    if not host:
        raise ConfigError(detail=f"an address is one of {', '.join(ports)} and ://host:port/path")
    return parts._replace(netloc=f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def exchange(
    at: SplitResult,
    method: str,
    timeout: float,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    largest: int = 4_000_000,
    secure: bool = False,
    half_close_after: float = 0.0,
) -> tuple[int, bytes]:
    """The answer's HTTP status and body. Raises NoAnswer after `timeout` s, DeviceGone "offline", BadAnswer.

    Some small servers say "100 Continue" unasked and read a body to the end of the line and not to its length: with
    `half_close_after` the sending half is closed when nothing more came so many seconds after the body and that word.
    Nobody else's line is closed so: many servers take it for a hang-up. With `secure` the line is encrypted and the
    device is not authenticated: its certificate is signed by nobody.
    """
    deadline = time.monotonic() + timeout
    host, port = at.hostname or "", at.port or 0
    connection: http.client.HTTPConnection
    if secure:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    over: threading.Timer | None = None
    try:
        connection.connect()
        over = threading.Timer(max(0.0, deadline - time.monotonic()), _hang_up, (connection.sock,))
        over.daemon = True
        over.start()
        path = (at.path or "/") + (f"?{at.query}" if at.query else "")
        sized = {"Content-Length": str(len(body))} if body else {}
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may refuse before it has read all
            all_headers = {"Connection": "close"} | dict(headers or {}) | sized
            connection.request(method, path, io.BytesIO(body) if body else None, all_headers)
        if half_close_after and not secure and _only_continues(connection.sock, half_close_after, deadline):
            connection.sock.shutdown(socket.SHUT_WR)
        answer = connection.getresponse()
        data = answer.read(largest)
        if answer.length:  # http.client does not raise for a read with a limit
            raise http.client.IncompleteRead(data, answer.length)
        return answer.status, data
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
            raise NoAnswer() from error
        if isinstance(error, OSError):  # RemoteDisconnected is one, too
            raise DeviceGone("offline", type(error).__name__) from error
        raise BadAnswer("bad-answer", type(error).__name__) from error
    finally:
        if over is not None:
            over.cancel()
        connection.close()


def _only_continues(line: socket.socket, seconds: float, deadline: float) -> bool:
    """Whether "100 Continue" came and nothing behind it for this time. Waits for a first word until the deadline."""
    if not select.select([line], [], [], max(0.0, deadline - time.monotonic()))[0]:
        return False
    until = min(deadline, time.monotonic() + seconds)
    while True:
        head, ended, behind = line.recv(65536, socket.MSG_PEEK).partition(b"\r\n\r\n")
        if behind or head[8:12] != b" 100":
            return False
        if time.monotonic() >= until:
            return bool(ended)
        time.sleep(0.05)  # what was looked at stays readable


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)
