"""Answers no platform of ours gives: they delay a case, and neither end the agent nor keep it for ever."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from http.server import ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest

from offline_cache import Cache
from offline_cache.errors import Busy, PlatformError
from offline_cache.platform import LARGEST, Platform
from offline_cache.sync.delivery import Delivery
from offline_cache.visits import Visit
from tests.fleet.sample_cases import proof_case
from tests.offline_cache.odd_platform import odd, way

__all__ = ["odd"]


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>Sign in</html>", b'{"state": "99"}', b"\xff", b"[" * 10_000])
def test_an_answer_that_is_not_understood_delays_the_case(
    cache: Cache, visit: Visit, odd: ThreadingHTTPServer, body: bytes
) -> None:
    odd.said = (200, {}, body)  # type: ignore[attr-defined]
    cache.outbox.put_case(visit, proof_case())
    Delivery(cache, way(odd, cache.data)).run()
    assert cache.outbox.counts() == (1, 0)
    assert cache.outbox.due() == []


def test_the_error_does_not_quote_what_was_answered(odd: ThreadingHTTPServer, tmp_path: Path) -> None:
    odd.said = (200, {}, '{"case_id": "李样本"}'.encode())  # type: ignore[attr-defined]
    with pytest.raises(Busy) as error:
        way(odd, tmp_path).put_case(uuid4(), b"{}")
    assert "李样本" not in str(error.value) and error.value.__cause__ is None


@pytest.mark.parametrize("headers", [{}, {"Upload-Offset": "x"}, {"Upload-Offset": "0"}, {"Upload-Offset": "-5"}])
def test_an_upload_that_does_not_go_on_is_given_up_for_now(
    odd: ThreadingHTTPServer, tmp_path: Path, headers: dict[str, str]
) -> None:
    odd.said = (200, headers, b"")  # type: ignore[attr-defined]
    with pytest.raises(Busy):
        way(odd, tmp_path).upload("/api/v1/uploads/1", b"content")


def test_a_creation_without_an_address_is_given_up_for_now(odd: ThreadingHTTPServer, tmp_path: Path) -> None:
    odd.said = (201, {}, b"")  # type: ignore[attr-defined]
    with pytest.raises(Busy):
        way(odd, tmp_path).create_upload(proof_case().case_id, "0" * 64, 1)


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500])
def test_no_case_is_sent_on_to_another_address(odd: ThreadingHTTPServer, tmp_path: Path, status: int) -> None:
    odd.said = (status, {"Location": "http://127.0.0.1:1/elsewhere"}, b"")  # type: ignore[attr-defined]
    with pytest.raises(PlatformError, match=str(status)):
        way(odd, tmp_path).put_case(uuid4(), b"{}")


def test_an_answer_without_an_end_is_not_read_to_it(odd: ThreadingHTTPServer, tmp_path: Path) -> None:
    odd.said = (200, {}, b" " * (LARGEST + 1))  # type: ignore[attr-defined]
    with pytest.raises(Busy):
        way(odd, tmp_path).call("GET", "/")
    odd.said = (200, {}, b" " * LARGEST)  # type: ignore[attr-defined]
    assert len(way(odd, tmp_path).call("GET", "/").content) == LARGEST


def test_an_answer_that_trickles_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Each byte comes within the limit, and the last one never."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        trickle = threading.Thread(target=_trickle, args=(server,), daemon=True)
        trickle.start()
        platform = Platform(f"http://127.0.0.1:{server.getsockname()[1]}", tmp_path)
        for name in ("ca.crt", "device.crt", "device.key"):
            (tmp_path / name).touch()
        began = time.monotonic()
        with pytest.raises(PlatformError):
            platform.call("POST", "/", b"", seconds=0.5)
        assert time.monotonic() - began < 3
        trickle.join(10)


def _trickle(server: socket.socket) -> None:
    citizen, _ = server.accept()
    with citizen, contextlib.suppress(OSError):
        citizen.recv(65536)
        citizen.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(80):
            citizen.sendall(b" ")
            time.sleep(0.1)
