"""Printers by other hands: small servers that know the four operations every printer must, each odd in its own way."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from drivers.page_printer import PagePrinter
from tests.drivers.test_page_printer import pdf

PRINT, VALIDATE, CREATE, CANCEL, GET_JOB, GET_PRINTER = 0x02, 0x04, 0x05, 0x08, 0x09, 0x0B
COMPLETED, PROCESSING, HELD, ABORTED = 9, 5, 4, 8


def value(tag: int, name: str, data: bytes | int) -> bytes:
    data = struct.pack(">i", data) if isinstance(data, int) else data
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(data)) + data


class Stranger:
    """One printer. `odd` are its ways, `said` an operation's status where it is not 0, `state` the job's, in turn."""

    def __init__(self, *odd: str, said: dict[int, int] | None = None, state: tuple[int, ...] = (COMPLETED,)) -> None:
        self.odd, self.said, self.state = odd, said or {}, list(state)
        self.reasons = [b"none"]
        self.after: list[bytes] = []
        self.printed: list[bytes] = []
        self.asked: list[int] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.uri = f"ipp://127.0.0.1:{self.server.server_address[1]}/ipp/print"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, request: bytes) -> bytes:
        _, _, operation, number = struct.unpack(">BBHI", request[:8])
        self.asked.append(operation)
        if "usual path" in self.odd and b"/ipp/print" not in request and operation != GET_PRINTER:
            return struct.pack(">BBHI", 1, 1, 0x0406, number) + b"\x03"
        status = self.said.get(operation, 0 if operation in (PRINT, VALIDATE, GET_JOB, GET_PRINTER) else 0x0501)
        head = struct.pack(">BBHI", 1, 0 if "1.0" in self.odd else 1, status, 0 if "no id" in self.odd else number)
        head += b"\x01" + value(0x47, "attributes-charset", b"utf-8")
        head += value(0x48, "attributes-natural-language", b"en")
        if status >= 0x0100:
            return head + b"\x03"
        group = b"" if "one group" in self.odd else b"\x04" if operation == GET_PRINTER else b"\x02"
        if "odd attributes" in self.odd:
            # a status message with its language, an unsupported group, a group and syntaxes of tomorrow
            head += value(0x35, "status-message", b"\x00\x02en\x00\x02ok")
            group = b"\x05" + value(0x10, "sides", b"") + b"\x07" + value(0x7F, "new", b"\x40\0\0\x01x") + group
            group += value(0x21, "short", b"\x01") + value(0x22, "long", b"\0\0\0\x01") + value(0x13, "none", b"")
        match operation:
            case 0x0B:
                reasons = b"".join(
                    value(0x44, "" if n else "printer-state-reasons", r) for n, r in enumerate(self.reasons)
                )
                create = value(0x23, "", CREATE) + value(0x23, "", 0x06) if "claims" in self.odd else b""
                operations = value(0x23, "operations-supported", PRINT) + create
                return head + group + value(0x23, "printer-state", 3) + reasons + operations + b"\x03"
            case 0x02:
                self.printed.append(request[request.index(b"%PDF") :])
                self.reasons = self.after or self.reasons
            case 0x04:
                return head + b"\x03"
        state = self.state.pop(0) if operation == GET_JOB and len(self.state) > 1 else self.state[0]
        job = value(0x45, "job-uri", b"ipp://127.0.0.1/jobs/7") if "no number" not in self.odd else b""
        job += value(0x21, "job-id", 7) if not {"no number", "uri only"} & {*self.odd} else b""
        if operation == GET_JOB and "uri only" in self.odd:
            assert b"job-uri\x00\x16ipp://127.0.0.1/jobs/7" in request and b"printer-uri" not in request
        if not ("no state" in self.odd or (operation == PRINT and "bare" in self.odd)):
            job += value(0x23, "job-state", state)
        return head + group + job + b"\x03"

    def handler(self) -> type[BaseHTTPRequestHandler]:
        printer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0" if "HTTP/1.0" in printer.odd else "HTTP/1.1"

            def do_POST(self) -> None:
                request = self.rfile.read(int(self.headers["Content-Length"]))
                operation = request[3]
                data = printer.answer(request)
                if operation == GET_JOB and "dies at jobs" in printer.odd:
                    self.close_connection = True
                    return
                # as servers of asyncio do: who closes a half of the line has hung up
                slow = 1.5 if operation == PRINT and "slow" in printer.odd else 0.0
                if slow and select.select([self.connection], [], [], slow)[0]:
                    self.close_connection = True
                    return
                if operation == PRINT and "HTTP 500" in printer.odd:
                    self.send_error(500)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/ipp")
                if "chunks" in printer.odd:
                    self.send_header("Transfer-Encoding", "chunked")
                    data = b"".join(b"1;x=y\r\n%c\r\n" % byte for byte in data) + b"0\r\nX-Trailer: 1\r\n\r\n"
                elif "no length" not in printer.odd:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                cut = operation == PRINT and "cut" in printer.odd
                self.wfile.write(data[:40] if cut else data)
                self.close_connection = self.close_connection or cut

            def log_message(self, format: str, *words: Any) -> None:
                pass

        return Handler


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """These printers print at once."""
    monkeypatch.setattr("drivers.page_printer.job.FOLLOW_EVERY", 0.05)
    monkeypatch.setattr("drivers.page_printer.job.SETTLED", 0.2)


@contextlib.contextmanager
def running(stranger: Stranger) -> Iterator[PagePrinter]:
    try:
        yield PagePrinter(uri=stranger.uri, status_timeout=2, cancel_timeout=0.5)
    finally:
        stranger.server.shutdown()
        stranger.server.server_close()


@pytest.mark.parametrize(
    "odd",
    [
        (),
        ("HTTP/1.0", "no length", "1.0", "no id"),
        ("no length",),
        ("chunks", "odd attributes"),
        ("one group", "bare"),
        ("uri only",),
        ("claims",),
        ("slow",),
    ],
    ids=lambda odd: " ".join(odd) or "plain",
)
def test_a_job_is_followed_to_its_end(odd: tuple[str, ...]) -> None:
    stranger, page = Stranger(*odd, state=(PROCESSING, PROCESSING, COMPLETED)), pdf()
    with running(stranger) as printer:
        outcome = printer.print(page, timeout=20)
    assert (outcome.result, outcome.reason, outcome.detail) == ("confirmed", "ok", "")
    assert (outcome.job_state, stranger.printed) == ("completed", [page])


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ((), {GET_JOB: 0x0501}),
        ((), {GET_JOB: 0x0406}),
        ((), {GET_JOB: 0x0500}),
        (("dies at jobs",), {}),
        (("no number",), {}),
        (("no state",), {}),
    ],
)
def test_where_a_job_cannot_be_followed_the_printer_speaks_for_it(odd: tuple[str, ...], said: dict[int, int]) -> None:
    stranger = Stranger(*odd, said=said, state=(PROCESSING,))
    with running(stranger) as printer:
        outcome = printer.print(pdf(), timeout=20)
        assert (outcome.result, outcome.reason, outcome.detail) == ("confirmed", "ok", "by-status")
        stranger.after = [b"media-empty-error", b"media-needed"]
        outcome = printer.print(pdf(), timeout=20)
        assert (outcome.result, outcome.reason) == ("uncertain", "paper-out")
    assert len(stranger.printed) == 2


@pytest.mark.parametrize(
    ("state", "result", "reason"),
    [(COMPLETED, "confirmed", "ok"), (ABORTED, "uncertain", "error"), (HELD, "uncertain", "timeout")],
)
def test_what_was_said_of_the_job_as_it_was_taken_counts(state: int, result: str, reason: str) -> None:
    stranger = Stranger(said={GET_JOB: 0x0501}, state=(state,))
    with running(stranger) as printer:
        outcome = printer.print(pdf(), timeout=3)
    assert (outcome.result, outcome.reason) == (result, reason) and outcome.detail != "by-status"


@pytest.mark.parametrize(
    ("reasons", "reason"),
    [
        ([b"media-empty-error"], "paper-out"),
        ([b"media-low", b"toner-empty-error"], "toner-out"),
        ([b"media-jam"], "jam"),
        ([b"door-open"], "cover-open"),
    ],
)
def test_nothing_is_sent_to_a_printer_that_needs_a_hand(reasons: list[bytes], reason: str) -> None:
    stranger = Stranger()
    stranger.reasons = reasons
    with running(stranger) as printer:
        outcome = printer.print(pdf(), timeout=20)
    assert (outcome.result, outcome.reason, stranger.printed) == ("failed", reason, [])


@pytest.mark.parametrize(
    ("odd", "status", "result", "reason"),
    [
        ((), 0x0507, "failed", "busy"),
        ((), 0x0506, "failed", "not-accepting"),
        ((), 0x0403, "failed", "not-allowed"),
        ((), 0x040A, "failed", "format-not-supported"),
        ((), 0x0504, "uncertain", "error"),  # a fault while it was at it: something may be out
        (("HTTP 500",), 0, "uncertain", "error"),
        (("cut",), 0, "uncertain", "bad-answer"),
    ],
)
def test_a_job_that_is_not_taken(odd: tuple[str, ...], status: int, result: str, reason: str) -> None:
    stranger = Stranger(*odd, said={PRINT: status})
    with running(stranger) as printer:
        began = time.monotonic()
        outcome = printer.print(pdf(), timeout=20)
    assert (outcome.result, outcome.reason) == (result, reason)
    assert time.monotonic() - began < 10, "there is no job to wait for"


def test_a_job_that_is_held_is_asked_back_and_stays_uncertain() -> None:
    stranger = Stranger(state=(6,))
    with running(stranger) as printer:
        outcome = printer.print(pdf(), timeout=1)
    assert (outcome.result, outcome.reason, outcome.job_state) == ("uncertain", "timeout", "processing-stopped")
    assert CANCEL in stranger.asked


def test_a_printer_named_without_a_path_is_found() -> None:
    """ippeveprinter tells its state at any path, and takes jobs at /ipp/print."""
    stranger = Stranger("usual path")
    stranger.uri = stranger.uri.removesuffix("ipp/print")
    with running(stranger) as printer:
        assert printer.print(pdf(), timeout=20).result == "confirmed" and len(stranger.printed) == 1


def test_a_printer_at_port_80_is_called_so() -> None:
    assert PagePrinter(uri="http://192.0.2.8/ipp/print")._printer._uri == "ipp://192.0.2.8:80/ipp/print"
    assert PagePrinter(uri="http://192.0.2.8:631/ipp")._printer._uri == "ipp://192.0.2.8:631/ipp"
    assert PagePrinter(uri="ipp://192.0.2.8/")._printer._uri == "ipp://192.0.2.8/"


def test_who_takes_no_line_at_all_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert PagePrinter(uri=f"ipp://127.0.0.1:{port}/").print(pdf()).reason == "offline"
