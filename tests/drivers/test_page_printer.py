"""An A4 page through a private CUPS to ippeveprinter, which is a printer by somebody else's hand."""

from __future__ import annotations

import contextlib
import io
import json
import socket
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pikepdf
import pytest

from drivers.page_printer import PagePrinter
from drivers.page_printer.reasons import status_of, stems
from drivers.printing import PrintOutcome
from drivers.status import DeviceState, DeviceStatus, PaperState, TonerState


def pdf(pages: int = 1) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.fixture
def simulated(simulator, tmp_path: Path):
    return simulator("page_printer", "--state", str(tmp_path / "state"))


@pytest.fixture
def printer(simulated) -> PagePrinter:
    said = simulated.said
    return PagePrinter(said["queue"], said["server"], said["uri"], status_timeout=1, cancel_timeout=3)


def test_a_page_reaches_the_printer_as_pdf_and_is_confirmed(simulated, printer: PagePrinter) -> None:
    assert replace(printer.status(), supplies=()) == DeviceStatus(
        DeviceState.ONLINE, paper=PaperState.FULL, toner=TonerState.FULL, cover_open=False
    )
    assert printer.print(pdf(2)).result == "confirmed"
    (name,) = simulated("state")["files"]
    with pikepdf.open(Path(simulated.said["printed"]) / name) as printed:
        assert len(printed.pages) == 2
    assert printer.print(b"no pdf").reason == "bad-document"


def test_each_fault_before_printing_is_told_and_nothing_is_sent(simulated, printer: PagePrinter) -> None:
    for fault, reason, paper, toner in (
        ("paper-out", "paper-out", PaperState.OUT, TonerState.FULL),
        ("toner-empty", "toner-out", PaperState.FULL, TonerState.OUT),
        ("gone", "offline", PaperState.UNKNOWN, TonerState.UNKNOWN),
        ("hung", "no-answer", PaperState.UNKNOWN, TonerState.UNKNOWN),
    ):
        simulated(f"fault {fault}")
        status = printer.status()
        assert (status.usable, status.detail, status.paper, status.toner) == (False, reason, paper, toner)
        outcome = printer.print(pdf())
        assert (outcome.result, outcome.reason) == ("failed", reason)
        simulated("fault none")
        assert printer.status().usable
    time.sleep(1)
    assert simulated("state")["printed"] == 0, "something came out after all"


@pytest.mark.parametrize(
    ("fault", "pages", "result", "reason"),
    [
        ("paper-out-midway", 1, "failed", "paper-out"),
        ("paper-out-midway", 3, "uncertain", "paper-out"),
        ("jam", 1, "uncertain", "jam"),
    ],
)
def test_a_job_that_stops_is_taken_back(
    simulated, printer: PagePrinter, fault: str, pages: int, result: str, reason: str
) -> None:
    simulated(f"fault {fault}")
    outcome = printer.print(pdf(pages), timeout=20)
    assert (outcome.result, outcome.reason) == (result, reason)
    simulated("fault none")
    assert printer.print(pdf()).result == "confirmed"
    assert simulated("state")["printed"] == 1, "the cancelled job came out under the next citizen"


def test_a_printer_that_goes_away_under_a_job_leaves_it_uncertain(simulated, printer: PagePrinter) -> None:
    simulated("fault slow")
    outcomes: list[PrintOutcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(printer.print(pdf(), timeout=3)))
    thread.start()
    time.sleep(1.5)
    simulated("fault gone")
    thread.join(30)
    assert [(outcome.result, outcome.reason) for outcome in outcomes] == [("uncertain", "offline")]
    simulated("fault none")
    assert printer.print(pdf()).result == "confirmed"
    assert simulated("state")["printed"] == 1, "the cancelled job came out under the next citizen"


@pytest.fixture
def alone(simulator, tmp_path: Path):
    return simulator("page_printer", "--state", str(tmp_path / "alone"), "--no-queue", "--duplex")


def test_straight_to_the_printer(alone, run, tmp_path: Path) -> None:
    printer = PagePrinter(uri=alone.said["uri"], low_at={"toner": 80, "paper": 20}, tray="main")
    outcome = printer.print(pdf(2), copies=2, sides="two-sided-long-edge")
    assert (outcome.result, outcome.job_state) == ("confirmed", "completed") and outcome.impressions is not None
    (name,), (asked_for,) = alone("state")["files"], alone("state")["asked"]
    assert "copies=2 sides=two-sided-long-edge" in asked_for and "main" in asked_for
    with pikepdf.open(Path(alone.said["printed"]) / name) as printed:
        assert len(printed.pages) == 2
    asked = (tmp_path / "alone" / "device.log").read_text("utf-8", "replace")
    assert "Create-Job successful-ok" in asked and "Send-Document successful-ok" in asked
    # what it cannot do is refused before anything is sent
    for wrong, code in (
        ({"copies": 1000}, "copies-not-supported"),
        ({"tray": "tray-9"}, "tray-not-supported"),
        ({"color_mode": "color"}, "color-not-supported"),
    ):
        assert (printer.print(pdf(), **wrong).result, printer.print(pdf(), **wrong).reason) == ("failed", code)
    assert alone("state")["printed"] == 1
    # levels against what was set
    assert printer.status().detail == "toner-low" and printer.status().toner is TonerState.LOW
    alone("supplies 40 100")
    status = printer.status()
    assert (status.paper, status.toner, status.usable) == (PaperState.LOW, TonerState.FULL, True)
    assert [(one.name, one.level, one.low) for one in status.supplies if one.low] == [("paper main", 16, True)]
    # the command line needs no queue; a text is made a page
    text = tmp_path / "page.txt"
    text.write_text("invented text", encoding="utf-8")
    done = run("drivers.page_printer", "print", "--uri", alone.said["uri"], str(text), "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0 and (said["result"], said["job_state"]) == ("confirmed", "completed")
    done = run("drivers.page_printer", "print", "--uri", alone.said["uri"], str(text), "--tray", "tray-9", "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["reason"] == "tray-not-supported"
    done = run("drivers.page_printer", "capabilities", "--uri", alone.said["uri"], "--json")
    assert done.returncode == 0 and "two-sided-short-edge" in json.loads(done.stdout)["sides"]
    alone("fault busy")
    done = run("drivers.page_printer", "capabilities", "--uri", alone.said["uri"], "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["reason"] == "busy"


def test_the_queue_passes_on_what_was_asked(simulated, printer: PagePrinter) -> None:
    assert printer.print(pdf(), copies=3, tray="main").result == "confirmed"
    assert printer.print(pdf(), sides="two-sided-long-edge").reason == "sides-not-supported"
    (asked_for,) = simulated("state")["asked"]
    assert "copies=3" in asked_for and "main" in asked_for


class OldPrinter(BaseHTTPRequestHandler):
    """A printer that knows Print-Job only, wants IPP 2.0, speaks in chunks and forgets what it is not asked for."""

    protocol_version = "HTTP/1.1"
    jobs: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        major, operation = body[0], int.from_bytes(body[2:4], "big")
        if self.path != "/printers/old":
            self._answer(0x0406)
        elif major < 2:
            self._answer(0x0503)
        elif operation == 0x000B:
            self._answer(
                0,
                b"\x04\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x03"
                b"\x44\x00\x15printer-state-reasons\x00\x04none"
                b"\x23\x00\x14operations-supported\x00\x04\x00\x00\x00\x02",
            )
        elif operation == 0x0002:
            self.jobs.append(body[body.index(b"%PDF") :])
            self._answer(0x0001, b"\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x07")
        elif operation == 0x0009:
            assert b"job-id\x00\x04\x00\x00\x00\x07" in body
            self._answer(0, b"\x02\x23\x00\x09job-state\x00\x04\x00\x00\x00\x09")
        else:
            self._answer(0x0501)

    def _answer(self, status: int, attributes: bytes = b"") -> None:
        data = b"\x01\x01" + status.to_bytes(2, "big") + b"\x00\x00\x00\x01" + attributes + b"\x03"
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for byte in data:
            self.wfile.write(b"1\r\n" + bytes([byte]) + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *words: object) -> None:
        pass


def test_a_printer_of_the_oldest_kind() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), OldPrinter) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        where = f"ipp://127.0.0.1:{server.server_address[1]}/printers"
        page = pdf()
        outcome = PagePrinter(uri=f"{where}/old").print(page)
        assert (outcome.result, outcome.job_state, OldPrinter.jobs) == ("confirmed", "completed", [page])
        assert PagePrinter(uri=f"{where}/none").print(page).reason == "not-found"
        server.shutdown()


def test_a_printer_that_reads_to_the_end_of_the_line() -> None:
    """As the package ippserver does: it says "100 Continue" at once, and answers when nothing more can come."""

    class ToTheEnd(OldPrinter):
        jobs: ClassVar[list[bytes]] = []

        def do_POST(self) -> None:
            if b"%PDF" in self.rfile.peek():
                self.wfile.write(b"HTTP/1.1 100 Continue\r\nServer: small\r\n\r\n")
                whole = self.rfile.read()
                self.headers.replace_header("Content-Length", str(len(whole)))
                self.rfile = io.BytesIO(whole)
                self.close_connection = True
            super().do_POST()

    with ThreadingHTTPServer(("127.0.0.1", 0), ToTheEnd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = pdf()
        printer = PagePrinter(uri=f"ipp://127.0.0.1:{server.server_address[1]}/printers/old")
        printer._printer._version = (2, 0)
        assert (printer.print(page).result, ToTheEnd.jobs) == ("confirmed", [page])
        server.shutdown()


def test_an_answer_that_drips_is_not_waited_for() -> None:
    """One byte each 0.1 s: every single wait is short, and all of them are not."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            line, _ = listener.accept()
            with line, contextlib.suppress(OSError):
                for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 100:
                    line.sendall(bytes([byte]))
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        status = PagePrinter(uri=f"ipp://127.0.0.1:{listener.getsockname()[1]}/", status_timeout=1).status()
        assert (status.detail, status.usable) == ("no-answer", False) and time.monotonic() - began < 4


def test_no_print_server_is_a_failure(simulated) -> None:
    printer = PagePrinter("A4", "localhost:9", simulated.said["uri"])
    assert printer.print(pdf()).reason == "no-print-server"
    assert PagePrinter("none", simulated.said["server"], simulated.said["uri"]).print(pdf()).result == "failed"


def test_the_command_line(simulated, run, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_bytes(pdf())
    said = simulated.said
    where = ("--uri", said["uri"], "--server", said["server"], "--queue", said["queue"])
    done = run("drivers.page_printer", "print", *where, str(page), "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["result"] == "confirmed"
    simulated("fault gone")
    done = run("drivers.page_printer", "status", "--uri", said["uri"], "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["device"] == "offline"
    assert run("drivers.page_printer", "print", "--uri", said["uri"]).returncode == 2


@pytest.mark.parametrize(
    ("state", "reasons", "device", "detail"),
    [
        (3, ["none"], DeviceState.ONLINE, ""),
        (3, ["media-low-report"], DeviceState.ONLINE, "paper-low"),
        (5, ["media-empty-error", "media-needed"], DeviceState.ONLINE, "paper-out"),
        (4, ["toner-low-warning"], DeviceState.ONLINE, "toner-low"),
        (5, ["cover-open-error"], DeviceState.USER_ERROR, "cover-open"),
        (5, ["media-jam-warning"], DeviceState.HARDWARE_ERROR, "jam"),
        (5, ["fuser-over-temp-error"], DeviceState.HARDWARE_ERROR, "fuser-over-temp"),
        (5, ["none"], DeviceState.OFFLINE, "stopped"),
        (3, ["offline-report"], DeviceState.OFFLINE, "offline"),
    ],
)
def test_reasons(state: int, reasons: list[str], device: DeviceState, detail: str) -> None:
    status = status_of(state, reasons)
    assert (status.device, status.detail) == (device, detail)
    assert status.usable == (detail in ("", "paper-low", "toner-low"))


def test_a_reason_without_severity_is_whole() -> None:
    assert stems(["media-empty", "none", "cover-open-warning"]) == {
        "media-empty": "",
        "cover-open": "warning",
    }
