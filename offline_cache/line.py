"""A connection whose every part ends: connecting, sending, and the whole answer, however slowly its bytes trickle.

requests and urllib3 limit the wait for each piece; a server that sends a byte every nine seconds would hold the agent
for days. Here one deadline counts from the first byte of the status line to the last of the body.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

#: OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED
_NOT_NOW = (9, 10)


def session(send_seconds: float) -> requests.Session:
    """A session that sends within `send_seconds`; the read timeout of a request limits its whole answer."""
    made = requests.Session()
    made.trust_env = False
    for prefix in ("https://", "http://"):
        made.mount(prefix, _Adapter(send_seconds))
    return made


def says_wrong_time(error: BaseException) -> bool:
    """Whether the other side's certificate is not valid at this moment by the clock of this terminal."""
    return any(
        isinstance(each, ssl.SSLCertVerificationError) and each.verify_code in _NOT_NOW for each in _causes(error)
    )


class _Adapter(HTTPAdapter):
    def __init__(self, send_seconds: float) -> None:
        self._send_seconds = send_seconds
        super().__init__(max_retries=0)

    def init_poolmanager(self, *values: Any, **options: Any) -> None:
        super().init_poolmanager(*values, **options)
        self.poolmanager.pool_classes_by_scheme = {
            scheme: type("Pool", (pool,), {"ConnectionCls": _connection(kind, self._send_seconds)})
            for scheme, pool, kind in (
                ("https", HTTPSConnectionPool, HTTPSConnection),
                ("http", HTTPConnectionPool, HTTPConnection),
            )
        }


class _Whole(io.RawIOBase):
    """The bytes of one answer, until its deadline: as many seconds from now as the socket's timeout says."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._raw = connection.makefile("rb", buffering=0)
        self._deadline = time.monotonic() + (connection.gettimeout() or 0.0)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client asks a socket for."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole answer takes too long")
        self._connection.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, connection: socket.socket, *values: Any, **options: Any) -> None:
        super().__init__(_Whole(connection), *values, **options)  # type: ignore[arg-type]


def _connection(kind: type[HTTPConnection], send_seconds: float) -> type[HTTPConnection]:
    """`kind` with a limit of its own for sending; urllib3 uses that of connecting, too short on a slow line."""

    class Connection(kind):  # type: ignore[valid-type, misc]
        response_class = _Response

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            self.sock.settimeout(send_seconds)
            super().send(data)

    return Connection


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it wraps; requests and urllib3 keep the reason in different places."""
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        held = (*each.args, getattr(each, "reason", None), each.__cause__, each.__context__)
        waiting += [one for one in held if isinstance(one, BaseException)]
