"""A document scanner. SANE runs in a worker program for each scan; pages come through a pipe and touch no disk."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

from drivers.document_scanner import escl, options
from drivers.document_scanner.address import parse_scanner
from drivers.document_scanner.events import Page, ScanEvent, ScanProgress
from drivers.document_scanner.options import Option, ScannerCapabilities
from drivers.document_scanner.process import SaneProcess
from drivers.errors import (
    BadAnswer,
    Cancelled,
    ConfigError,
    CoverOpen,
    DeviceBusy,
    DeviceGone,
    DriverError,
    HardwareFault,
    MediaJammed,
    NoAnswer,
    NotAllowed,
    Refused,
)
from drivers.status import DeviceState, DeviceStatus, MediaState

log = logging.getLogger(__name__)

# A scanner asleep warms its lamp up in 20 s; a page of 300 dpi takes 3-10 s.
PAGE_TIMEOUT = 60.0
# A network scanner tells its state in 0.1 s; opening one on USB takes 1-3 s.
STATUS_TIMEOUT = 5.0
# What a feeder may hold; a backend that never says "empty" must come to an end.
MOST_PAGES = 200
# A scanner that ends somebody's scan, or our last one, is free in this time; a longer one is another's turn.
FREE_WITHIN = 3.0
# Looking for all scanners of the system and the network.
LIST_TIMEOUT = 30.0


class DocumentScanner:
    """One scanner at an address (address.py). Nothing stays open between two scans.

    `resolution` (dpi), `mode` ("color", "gray", "lineart") and `timeout` (seconds for one page) are what a scan takes
    where it names nothing else.
    """

    def __init__(
        self,
        device: str,
        resolution: int = 300,
        mode: str = "color",
        timeout: float = PAGE_TIMEOUT,
        status_timeout: float = STATUS_TIMEOUT,
    ) -> None:
        """Opens nothing. Raises ConfigError."""
        if mode not in options.MODES:
            raise ConfigError(detail=f"mode is one of {', '.join(options.MODES)}")
        self._address = parse_scanner(device)
        self._resolution = resolution
        self._mode = mode
        self._timeout = timeout
        self._status_timeout = status_timeout
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-asked", media=MediaState.UNKNOWN)

    @property
    def status(self) -> DeviceStatus:
        """What check() or the last scan found; never waits."""
        return self._status

    def check(self) -> DeviceStatus:
        """Ask the scanner now, within `status_timeout` seconds. Never raises. While it scans: deviceBusy "scanning".

        `media` is the feeder's; None where the scanner has no sensor that SANE or eSCL tells of.
        """
        if not self._lock.acquire(blocking=False):
            return DeviceStatus(DeviceState.DEVICE_BUSY, "scanning")
        try:
            self._status = self._ask()
        except DriverError as error:
            self._status = broken(error)
        finally:
            self._lock.release()
        return self._status

    def look_again(self) -> None:
        """Something was plugged in. Each scan and check opens the scanner anew: there is no pause to end."""

    def capabilities(self) -> ScannerCapabilities:
        """Ask the scanner what it can do. Raises DriverError; DeviceBusy "scanning" while it scans."""
        with self._alone(), SaneProcess(self._address.files, threading.Event()) as worker:
            return options.capabilities(self._open(worker, self._status_timeout))

    def scan(
        self,
        source: str = "flatbed",
        resolution: int = 0,
        mode: str = "",
        pages: int = 0,
        timeout: float = 0.0,
        encoding: str = "",
        on_event: Callable[[ScanEvent], None] = lambda event: None,
    ) -> Generator[Page, None, None]:
        """Page after page: one from the glass, from the feeder until it is empty or `pages` are done (0: all).

        `encoding` is "jpeg" or "png"; where it is not named, jpeg for colour and grey, png for lineart. `timeout` is
        seconds for each page. `on_event` is called in the caller's thread and must be quick. Nothing begins before the
        first page is asked for; whoever stops asking (close()) ends the scan.

        Raises Refused (source-, mode-, resolution-not-supported), FeederEmpty, MediaJammed, CoverOpen, DeviceBusy,
        NotAllowed, Cancelled, NoAnswer, DeviceGone, BadAnswer (a page cut short), HardwareFault. Pages that came before
        are whole.
        """
        with self._alone():
            self._cancelled.clear()
            count = 0
            try:
                self._wait_until_free(source)
                with SaneProcess(self._address.files, self._cancelled) as worker:
                    seconds = timeout or self._timeout
                    asked = self._prepare(worker, source, resolution, mode, encoding, seconds)
                    asked["pages"] = min(pages or MOST_PAGES, MOST_PAGES) if source != "flatbed" else 1
                    worker.send(asked)
                    for page in self._pages(worker, seconds, asked["encoding"], on_event):
                        count += 1
                        yield page
                if source != "flatbed":
                    self._see_that_it_is_done()
            except DriverError as error:
                reason = self._reason(error)
                self._status = broken(reason)
                log.info("document scanner: %s after %d pages", reason.code, count)
                raise reason from error
            self._status = DeviceStatus(DeviceState.ONLINE)
            log.info("document scanner: %d pages", count)

    def cancel(self) -> None:
        """End the scan that runs, from any thread; it raises Cancelled within a few seconds."""
        self._cancelled.set()

    # inside

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._lock.acquire(blocking=False):
            raise DeviceBusy("scanning")
        try:
            yield
        finally:
            self._lock.release()

    def _open(self, worker: SaneProcess, timeout: float) -> dict[str, Option]:
        said = worker.ask({"do": "open", "device": self._address.name}, timeout)
        return options.parse(said.get("options"))

    def _prepare(
        self, worker: SaneProcess, source: str, resolution: int, mode: str, encoding: str, timeout: float
    ) -> dict[str, Any]:
        """Open and set; the request to scan."""
        mode = mode or self._mode
        can = self._open(worker, timeout)
        can = self._set(worker, can, options.source_settings(can, source), timeout)
        can = self._set(worker, can, options.page_settings(can, mode, resolution or self._resolution), timeout)
        told = can["resolution"].value if "resolution" in can else None
        return {
            "do": "scan",
            "mode": mode,
            "encoding": encoding or ("png" if mode == "lineart" else "jpeg"),
            "dpi": round(told) if isinstance(told, int | float) else resolution or self._resolution,
        }

    def _set(
        self, worker: SaneProcess, can: dict[str, Option], values: dict[str, Any], timeout: float
    ) -> dict[str, Option]:
        """The options as they are afterwards: one changes what another may be."""
        if not values:
            return can
        return options.parse(worker.ask({"do": "set", "values": values}, timeout).get("options"))

    def _wait_until_free(self, source: str) -> None:
        """Raises what a network scanner says against a scan; sane-airscan would try for 10 s, and then say "busy"."""
        if not self._address.escl:
            return
        until = time.monotonic() + FREE_WITHIN
        while True:
            try:
                status = escl.status_of(escl.ask(self._address.escl, self._status_timeout))
            except (BadAnswer, Refused):
                return  # SANE may understand it
            if status.device is not DeviceState.DEVICE_BUSY or time.monotonic() >= until:
                break
            if self._cancelled.wait(0.3):
                raise Cancelled()
        if status.device is DeviceState.DEVICE_BUSY:
            raise DeviceBusy()
        if trouble := _trouble(status, source != "flatbed"):
            raise trouble

    def _see_that_it_is_done(self) -> None:
        """sane-airscan takes a scanner that stopped for one whose feeder is empty. Raises what it is instead."""
        if self._address.escl:
            try:
                status = escl.status_of(escl.ask(self._address.escl, self._status_timeout))
            except DriverError:
                return  # the pages are here
            if trouble := _trouble(status, feeder=True):
                raise trouble

    def _pages(
        self, worker: SaneProcess, timeout: float, encoding: str, on_event: Callable[[ScanEvent], None]
    ) -> Iterator[Page]:
        until = time.monotonic() + timeout
        while True:
            message, data = worker.receive(max(0.0, until - time.monotonic()))
            match message["kind"]:
                case "progress":
                    on_event(ScanProgress(int(message["page"]), int(message["percent"])))
                case "page":
                    size = (int(message["width"]), int(message["height"]), int(message["dpi"]))
                    yield Page(int(message["page"]), data, f"image/{encoding}", *size)
                    until = time.monotonic() + timeout
                case _:
                    return

    def _ask(self) -> DeviceStatus:
        if self._address.escl:
            try:
                return escl.status_of(escl.ask(self._address.escl, self._status_timeout))
            except Refused:
                log.info("document scanner: no ScannerStatus")
        with SaneProcess(self._address.files, threading.Event()) as worker:
            said = self._open(worker, self._status_timeout)
        sheet, cover = options.loaded(said), options.cover_open(said)
        media = None if sheet is None else MediaState.PRESENT if sheet else MediaState.NOT_PRESENT
        if cover:
            return DeviceStatus(DeviceState.USER_ERROR, "cover-open", media=media, cover_open=True)
        return DeviceStatus(DeviceState.ONLINE, media=media, cover_open=cover)

    def _reason(self, error: DriverError) -> DriverError:
        """sane-airscan says "I/O error" or "busy" for much that the scanner itself tells better."""
        if not self._address.escl or not isinstance(error, DeviceGone | DeviceBusy | HardwareFault):
            return error
        try:
            status = escl.status_of(escl.ask(self._address.escl, self._status_timeout))
        except Refused:
            return error
        except DriverError as unreached:
            return unreached if isinstance(error, DeviceGone) else error
        if trouble := _trouble(status, feeder=True):
            return trouble
        if isinstance(error, DeviceGone):
            # it answers, so the line is not broken: what it sent is
            return BadAnswer("bad-answer", error.code)
        return error


def _trouble(status: DeviceStatus, feeder: bool) -> DriverError | None:
    """What keeps a network scanner from scanning. What is wrong with its feeder does not keep the glass from it."""
    if feeder and status.detail == "cover-open":
        return CoverOpen()
    if feeder and status.detail == "jam":
        return MediaJammed()
    if status.detail in ("stopped", "down") or (feeder and status.detail in ("tray-failed", "tray-overloaded")):
        return HardwareFault(status.detail)
    return None


def broken(error: DriverError) -> DeviceStatus:
    """What an error says of the scanner as a whole."""
    match error:
        case MediaJammed():
            return DeviceStatus(DeviceState.HARDWARE_ERROR, error.code, media=MediaState.JAMMED)
        case CoverOpen():
            return DeviceStatus(DeviceState.USER_ERROR, error.code, cover_open=True)
        case DeviceBusy():
            return DeviceStatus(DeviceState.DEVICE_BUSY, error.code)
        case NoAnswer() | DeviceGone():
            return DeviceStatus(DeviceState.OFFLINE, error.code, media=MediaState.UNKNOWN)
        case BadAnswer() | HardwareFault() | NotAllowed():
            return DeviceStatus(DeviceState.HARDWARE_ERROR, error.code, media=MediaState.UNKNOWN)
        case Cancelled():
            return DeviceStatus(DeviceState.ONLINE)
    # an empty feeder and what cannot be asked of it say nothing against the scanner
    media = MediaState.NOT_PRESENT if error.code == "feeder-empty" else None
    return DeviceStatus(DeviceState.ONLINE, error.code, media=media)


def found(timeout: float = LIST_TIMEOUT) -> list[tuple[str, str, str, str]]:
    """All scanners SANE finds with the system's configuration: (name, vendor, model, type). Raises DriverError."""
    with SaneProcess({}, threading.Event()) as worker:
        devices = worker.ask({"do": "list"}, timeout).get("devices")
    if not isinstance(devices, list):
        raise BadAnswer("bad-answer", "of the worker")
    return [tuple(str(word) for word in device) for device in devices]  # type: ignore[misc]
