"""An A4 printer: its jobs go through a CUPS queue or straight to it; how it is, is asked of the printer itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.errors import BadAnswer, ConfigError, DeviceBusy, DriverError, HardwareFault, NotAllowed, Refused
from drivers.page_printer import documents
from drivers.page_printer.capabilities import ASKED, Capabilities, JobOptions, capabilities_of
from drivers.page_printer.direct import DirectJob
from drivers.page_printer.ipp import Operation, Tag, attribute
from drivers.page_printer.job import CANCEL_TIMEOUT, PageOutcome, PrinterState, Way, run
from drivers.page_printer.printer import Printer
from drivers.page_printer.queue import QueueJob
from drivers.page_printer.reasons import status_of
from drivers.page_printer.supplies import paper_supplies, toner_supplies
from drivers.status import DeviceState, DeviceStatus, PaperState, TonerState

log = logging.getLogger(__name__)

# An IPP printer on the local network answers in 0.1 s; asleep, some take 3 s.
STATUS_TIMEOUT = 5.0
LOCAL_SERVER = "localhost:631"
# printer-state (RFC 8011 5.4.11)
IDLE = 3


@dataclass(frozen=True)
class Report:
    """All a printer says of itself at one moment. `reasons` are printer-state-reasons as they came; `jobs` are those it
    holds, None where it does not count them.
    """

    status: DeviceStatus
    reasons: tuple[str, ...] = ()
    can: Capabilities = field(default_factory=Capabilities)
    idle: bool = False
    jobs: int | None = None


class PagePrinter:
    """One printer: its own IPP URI, and the queue and server (host:port, or the path of a socket) that take its jobs.

    Without a queue, jobs go straight to the printer. `low_at` is percent by "toner", "paper", "waste" or a supply's own
    name. `tray` is the media-source that pages come from: its level decides about paper, and jobs ask for it where they
    name no other.
    """

    def __init__(
        self,
        queue: str = "",
        server: str = "",
        uri: str = "",
        status_timeout: float = STATUS_TIMEOUT,
        low_at: Mapping[str, int] | None = None,
        tray: str = "",
        cancel_timeout: float = CANCEL_TIMEOUT,
    ) -> None:
        """Opens nothing. Raises ConfigError."""
        if not uri:
            raise ConfigError(detail="a page printer needs its uri: ipp://host:port/path")
        if server and not queue:
            raise ConfigError(detail="a print server needs the name of a queue")
        self._queue = queue
        self._server = server or LOCAL_SERVER
        self._printer = Printer(uri, status_timeout)
        self._status_timeout = status_timeout
        self._low_at = dict(low_at or {})
        self._tray = tray
        self._cancel_timeout = cancel_timeout
        self._lock = threading.Lock()

    def status(self) -> DeviceStatus:
        """Ask the printer itself. Never raises; offline when it does not answer within `status_timeout` seconds."""
        return self.report().status

    check = status

    def capabilities(self) -> Capabilities:
        """Ask the printer what it can do. Raises DriverError."""
        return self._ask().can

    def report(self) -> Report:
        """Everything, for technicians. Never raises."""
        try:
            return self._ask()
        except DriverError as error:
            garbled = isinstance(error, BadAnswer | Refused | NotAllowed | HardwareFault)
            busy = isinstance(error, DeviceBusy)
            device = DeviceState.HARDWARE_ERROR if garbled else DeviceState.DEVICE_BUSY if busy else DeviceState.OFFLINE
            return Report(DeviceStatus(device, error.code, paper=PaperState.UNKNOWN, toner=TonerState.UNKNOWN))

    def print(
        self,
        pdf: bytes,
        title: str = "document",
        timeout: float = 60.0,
        copies: int = 1,
        sides: str = "",
        tray: str = "",
        color_mode: str = "",
    ) -> PageOutcome:
        """Print and follow the job to its end, at most `timeout` seconds and `cancel_timeout`. Never raises.

        `title` shows in the queue: never a name or a number of a person. What the printer cannot do is "failed" before
        anything is sent: copies-, sides-, tray-, color- or format-not-supported. A job that cannot go on is cancelled,
        so that it does not come out later; where that is not sure, or a sheet may be out already, it is uncertain.
        Of a printer that took the document and cannot be asked for the job, its own state speaks: "by-status" in the
        detail (job.py says when that is confirmed).
        """
        with self._lock:
            try:
                outcome = self._print(pdf, title, timeout, JobOptions(copies, sides, tray or self._tray, color_mode))
            except DriverError as error:
                outcome = PageOutcome("failed", error.code, error.detail)
            log.info("page printer: %s %s", outcome.result, outcome.reason)
            return outcome

    def _print(self, pdf: bytes, title: str, timeout: float, options: JobOptions) -> PageOutcome:
        before = self.report()
        if not before.status.usable:
            return PageOutcome("failed", before.status.detail or before.status.device.value)
        options.check(before.can)
        count = documents.pages(pdf)
        way: Way = (
            QueueJob(self._queue, self._server, self._status_timeout)
            if self._queue
            else DirectJob(self._printer, before.can)
        )
        try:
            # a queue converts by itself
            can = Capabilities() if way.prefers_pdf else before.can
            document = documents.for_printer(pdf, can, options.color_mode, timeout)
            return run(way, document, title, options, count * options.copies, timeout, self._now, self._cancel_timeout)
        finally:
            way.close()

    def _now(self) -> PrinterState:
        """Asked while it has a job. Never raises."""
        try:
            said = self._ask()
        except DriverError as error:
            return PrinterState(error.code)
        trouble = "" if said.status.usable else said.status.detail or said.status.device.value
        return PrinterState(trouble, said.idle, said.jobs)

    def _ask(self) -> Report:
        answer = self._printer.ask(
            Operation.GET_PRINTER_ATTRIBUTES, [attribute(Tag.KEYWORD, "requested-attributes", *ASKED)]
        )
        said = answer.group(Tag.PRINTER_GROUP)
        state = next(iter(said.get("printer-state", ())), None)
        if type(state) is not int:
            raise BadAnswer("bad-answer", "a printer without a state")
        reasons = tuple(reason for reason in said.get("printer-state-reasons", ()) if isinstance(reason, str))
        accepting = next(iter(said.get("printer-is-accepting-jobs", ())), True)
        jobs = next(iter(said.get("queued-job-count", ())), None)
        status = status_of(
            state,
            reasons,
            accepting is not False,
            toner_supplies(said, self._low_at),
            paper_supplies(said, self._low_at, self._tray),
            self._tray,
        )
        return Report(status, reasons, capabilities_of(said), state == IDLE, jobs if type(jobs) is int else None)
