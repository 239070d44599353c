"""An A4 printer behind a CUPS queue. The queue takes the job; the printer itself is asked how it is."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import cups
import pikepdf

from drivers.errors import DeviceGone, DriverError, NoAnswer
from drivers.page_printer.reasons import status_of
from drivers.printing import PrintOutcome
from drivers.status import DeviceState, DeviceStatus, PaperState, TonerState

log = logging.getLogger(__name__)

Result = TypeVar("Result")

# An IPP printer on the local network answers in 0.1 s; asleep, some take 3 s.
STATUS_TIMEOUT = 5.0
# Asking for the job costs the scheduler little; the printer is asked as often.
FOLLOW_EVERY = 0.3
# CUPS ends the backend, which cancels the printer's own job: measured 0.3-1 s.
CANCEL_TIMEOUT = 10.0

# job-state (RFC 8011 5.3.7)
_CANCELLED, _ABORTED, _COMPLETED = 7, 8, 9
_ASK = Path(__file__).with_name("ask.py")
# What the printer needs a hand for: waiting longer would print it under the next citizen.
_ENDS_JOB = ("paper-out", "jam", "cover-open", "toner-out")


def _bounded(call: Callable[[], Result], seconds: float) -> Result:
    """The call's result within this time, or NoAnswer. libcups has no timeout; a hung call keeps its thread."""
    job = Future[Result]()

    def run() -> None:
        try:
            job.set_result(call())
        except BaseException as error:
            job.set_exception(error)

    threading.Thread(target=run, name="page-printer", daemon=True).start()
    try:
        return job.result(seconds)
    except TimeoutError as error:
        raise NoAnswer() from error


class PagePrinter:
    """One printer: the queue and server (host:port, or the path of a socket) that take jobs, and its own
    IPP URI."""

    def __init__(
        self, queue: str, server: str = "localhost:631", device_uri: str = "", status_timeout: float = STATUS_TIMEOUT
    ) -> None:
        self._queue = queue
        self._status_timeout = status_timeout
        self._server = server
        self._uri = device_uri
        self._lock = threading.Lock()

    def status(self) -> DeviceStatus:
        """Ask the printer itself. Never raises; offline when it does not answer within `status_timeout` seconds."""
        try:
            return self._ask_device()[0]
        except DriverError as error:
            return DeviceStatus(DeviceState.OFFLINE, error.code, paper=PaperState.UNKNOWN, toner=TonerState.UNKNOWN)

    def print(self, pdf: bytes, title: str = "document", timeout: float = 60.0) -> PrintOutcome:
        """Print and follow the job to its end, at most `timeout` seconds and CANCEL_TIMEOUT. Never raises.

        `title` shows in the queue: never a name or a number of a person. A job that cannot go on is
        cancelled, so
        that it does not come out later; where that is not sure, or a sheet may be out already, it is
        uncertain.
        """
        with self._lock:
            before = self.status()
            if not before.usable:
                return PrintOutcome("failed", before.detail or before.device.value)
            try:
                with pikepdf.open(io.BytesIO(pdf)) as document:
                    pages = len(document.pages)
            except pikepdf.PdfError:
                return PrintOutcome("failed", "bad-document")
            job = _Job(self, pdf, pages, title, timeout)
            try:
                outcome = _bounded(job.run, timeout + CANCEL_TIMEOUT + 2 * self._status_timeout)
            except NoAnswer:
                outcome = PrintOutcome("uncertain", "no-answer", "the print server hangs")
            log.info("page printer: %s %s", outcome.result, outcome.reason)
            return outcome

    def _connect(self) -> cups.Connection:
        """To the print server; libcups keeps the server in the thread. Raises DeviceGone."""
        host, _, port = self._server.rpartition(":")
        try:
            if self._server.startswith("/"):
                cups.setServer(self._server)
            else:
                cups.setServer(host or self._server)
                cups.setPort(int(port) if host else 631)
            return cups.Connection()
        except (RuntimeError, ValueError) as error:
            raise DeviceGone("no-print-server") from error

    def _ask_device(self) -> tuple[DeviceStatus, int]:
        """The printer's status, and how many jobs it holds. Raises DeviceGone, NoAnswer."""
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_ASK), self._uri],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._status_timeout,
                check=True,
            )
            said = json.loads(done.stdout)
        except subprocess.TimeoutExpired as error:
            raise NoAnswer() from error
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise DeviceGone("offline") from error
        reasons = said["printer-state-reasons"] or []
        status = status_of(
            said["printer-state"] or 5,
            [reasons] if isinstance(reasons, str) else reasons,  # pycups gives some single values bare
            said["printer-is-accepting-jobs"] is not False,
        )
        return status, 1 if said["queued-job-count"] is None else int(said["queued-job-count"])


class _Job:
    """One document on its way. Runs in one thread, as libcups wants."""

    def __init__(self, printer: PagePrinter, pdf: bytes, pages: int, title: str, timeout: float) -> None:
        self._printer = printer
        self._pdf = pdf
        self._pages = pages
        self._title = title
        self._deadline = time.monotonic() + timeout

    def run(self) -> PrintOutcome:
        try:
            self._server = self._printer._connect()
            self._id = self._server.createJob(self._printer._queue, self._title, {})
        except (cups.IPPError, RuntimeError, DriverError) as error:
            return PrintOutcome("failed", "no-print-server", type(error).__name__)
        try:
            if self._send():
                return self._follow()
            return self._cancel("error")
        except (cups.IPPError, RuntimeError) as error:
            return PrintOutcome("uncertain", "no-print-server", type(error).__name__)

    def _send(self) -> bool:
        queue = self._printer._queue
        self._server.startDocument(queue, self._id, self._title, "application/pdf", 1)
        for start in range(0, len(self._pdf), 65536):
            piece = self._pdf[start : start + 65536]
            self._server.writeRequestData(piece, len(piece))
        return bool(self._server.finishDocument(queue) == cups.IPP_OK)

    def _state(self) -> int:
        return int(self._server.getJobAttributes(self._id, ["job-state"])["job-state"])

    def _device(self) -> str:
        """What is wrong with the printer, as a code; "" when nothing is."""
        try:
            status = self._printer._ask_device()[0]
        except DriverError as error:
            return error.code
        return "" if status.usable else status.detail or status.device.value

    def _follow(self) -> PrintOutcome:
        trouble = ""
        while time.monotonic() < self._deadline:
            state = self._state()
            if state == _COMPLETED:
                after = self._device()
                return PrintOutcome("uncertain", "jam") if after == "jam" else PrintOutcome("confirmed", "ok", after)
            if state in (_CANCELLED, _ABORTED):
                return self._ended("cancelled" if state == _CANCELLED else "error")
            trouble = self._device()
            if trouble in _ENDS_JOB:
                return self._cancel(trouble)
            time.sleep(FOLLOW_EVERY)
        return self._cancel(trouble or "timeout")

    def _cancel(self, reason: str) -> PrintOutcome:
        """Take the job back and see that it is gone from the queue and from the printer."""
        with contextlib.suppress(cups.IPPError):  # it ended in this moment; its state tells how
            self._server.cancelJob(self._id)
        deadline = time.monotonic() + CANCEL_TIMEOUT
        while time.monotonic() < deadline:
            state = self._state()
            if state == _COMPLETED:
                return PrintOutcome("confirmed", "ok")
            if state in (_CANCELLED, _ABORTED):
                try:
                    if self._printer._ask_device()[1] == 0:
                        return self._ended(reason)
                except DriverError:
                    pass  # a printer that cannot be asked may still hold the job
            time.sleep(FOLLOW_EVERY)
        return PrintOutcome("uncertain", reason, "not surely cancelled")

    def _ended(self, reason: str) -> PrintOutcome:
        """The job is gone from the queue and the printer. What came out before? CUPS counts the pages it
        sent, not
        the sheets that came out, so only a single page that needs paper, toner or a closed cover is surely
        not out.
        """
        if self._pages == 1 and reason in ("paper-out", "cover-open", "toner-out"):
            return PrintOutcome("failed", reason)
        return PrintOutcome("uncertain", reason, "a sheet may be out")
