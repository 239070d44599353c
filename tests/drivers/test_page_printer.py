"""An A4 page through a private CUPS to ippeveprinter, which is a printer by somebody else's hand."""

from __future__ import annotations

import io
import json
import threading
import time
from dataclasses import replace
from pathlib import Path

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
    return PagePrinter(simulated.said["queue"], simulated.said["server"], simulated.said["uri"], status_timeout=2)


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
