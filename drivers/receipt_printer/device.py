"""An ESC/POS printer at the end of a wire: TCP, a serial line, USB or a device file.

Many printers take one TCP connection at a time, and other programs may use the same printer: without a watcher the wire
is open only during a request. A watcher (start) holds a serial line, USB or a file open, and TCP only where the profile
says that the printer takes more than one connection; elsewhere it asks now and then.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from drivers.errors import ConfigError, DeviceGone, DriverError
from drivers.printing import PrintOutcome
from drivers.receipt_printer.conversation import Conversation
from drivers.receipt_printer.document import Receipt
from drivers.receipt_printer.encode import encode_for
from drivers.receipt_printer.events import Event, StatusChanged
from drivers.receipt_printer.job import Jobs, failed
from drivers.receipt_printer.profile import profile
from drivers.receipt_printer.status import ASB_OFF, ASB_ON, answers_of, believed
from drivers.status import DeviceState, DeviceStatus, PaperState
from drivers.wire import Address, open_wire, parse_address

log = logging.getLogger(__name__)
T = TypeVar("T")

# Printers print 150 mm/s at least; a receipt of 40 cm with pictures needs 3 s.
PRINT_TIME = 10.0
# A watcher asks so often where the printer does not tell by itself, and where it does to see that it is still there.
POLL_SECONDS = 10.0
# And so often until the block came that answers GS a: a printer that stopped meanwhile has not done it yet.
_UNSURE_SECONDS = 1.0
_SLICE = 0.2  # how long a request waits at most for the watcher to let go of the wire
_YIELD = 0.01
# A printer with one connection needs a moment until it takes the next one, and refuses it meanwhile.
_REST, _RETRY = 1.0, 0.1
_BACK_OFF = (1.0, 2.0, 5.0, 10.0)  # a printer that is switched on needs about 5 s
_STOP_TIME = 20.0


class ReceiptPrinter:
    """One printer at tcp://host:port (9100 if no port is given), serial:/dev/ttyS0?baudrate=…, usb:vvvv:pppp or
    file:/dev/usb/lp0. `model` names a profile (profiles.toml). `timeout` bounds each status answer, `print_time` the
    printing, and `poll_seconds` is how often the watcher asks; all in seconds. `connections` is how many TCP
    connections the printer takes, where somebody knows better than the profile.

    Thread-safe: one request at a time. Raises ConfigError for an address or a model that is not understood.
    """

    def __init__(
        self, address: str, model: str = "", timeout: float = 5.0, print_time: float = PRINT_TIME,
        poll_seconds: float = POLL_SECONDS, connections: int = 0,
    ) -> None:  # fmt: skip
        self.profile = profile(model)
        self._address = parse_address(address)
        if self._address.scheme == "hid":
            raise ConfigError(detail="a receipt printer's address is tcp:, serial:, usb: or file:")
        if self._address.scheme == "serial" and "baudrate" not in self._address.options:
            options = {**self._address.options, "baudrate": str(self.profile.baudrate)}
            self._address = Address("serial", self._address.place, options)
        self._may_hold = self._address.scheme != "tcp" or (connections or self.profile.connections) > 1
        self._timeout, self._poll = timeout, poll_seconds
        baudrate = self._address.number("baudrate", self.profile.baudrate)
        if baudrate <= 0:
            raise ConfigError(detail="baudrate is above 0")
        byte_time = 10 / baudrate if self._address.scheme == "serial" else 0.0  # 8 bits, a start and a stop
        self._jobs = Jobs(self.profile, print_time, byte_time, stream=self._address.scheme != "tcp")
        self._lock, self._counting = threading.Lock(), threading.Lock()
        self._closed_at = float("-inf")
        self._requests = 0  # that wait for the lock or have it
        self._held: Conversation | None = None
        self._unsure = False  # whether GS a was sent, and nothing came by itself since
        self._on_event: Callable[[Event], None] | None = None
        self._watcher: threading.Thread | None = None
        self._stopping, self._look = threading.Event(), threading.Event()
        self.last_status = DeviceStatus(DeviceState.STARTING, "starting", paper=PaperState.UNKNOWN)
        """What was known last, without asking and without waiting."""

    def status(self) -> DeviceStatus:
        """Ask the printer. Never raises: offline "no-answer" or "offline" when it does not answer.

        A model that never answers is online as soon as its port can be opened, with unknown paper: not usable.
        """
        return self._request(self._ask)

    check = status

    def print(self, receipt: Receipt) -> PrintOutcome:
        """Print and cut. Never raises for what the printer does; ValueError for a receipt that cannot be encoded.

        Asks before (a printer that is not usable gets nothing: failed), and after. Confirmed only if the printer
        - worked through the last byte (GS r, answered in its turn) and then said that it is online with paper; or,
        - where it does not answer GS r (the profile says so, or it did not while it held nothing), if it answered a DLE
          EOT sent behind the last byte, so that it has all of them, and was online with paper for all the time that
          this length of paper takes, and after it ("by-status" in the detail). A printer that stands still and says
          that all is well is not found out by that.
        A model that never answers is always uncertain, "not-reported". On uncertain the printer is told to forget the
        rest, so that this receipt does not come out before the next citizen; a printer that does not know how gets
        what ends a half picture, and a cut, before the next receipt.
        """
        encoded = encode_for(receipt, self.profile, trim=self._address.scheme == "serial")

        def work(talk: Conversation) -> PrintOutcome:
            outcome = self._jobs.run(talk, encoded)
            if self._held is talk and self.profile.asb:
                self._switch(talk, ASB_ON)  # the receipt's ESC @ switched it off
            return outcome

        def request() -> PrintOutcome:
            try:
                return self._with_wire(work)
            except DriverError as error:
                return failed(error)

        outcome = self._request(request)
        if encoded.substituted:
            outcome = replace(outcome, detail=f"{outcome.detail} substituted={encoded.substituted}".strip())
        log.info("receipt printer: %s %s %s", outcome.result, outcome.reason, outcome.detail)
        return outcome

    def start(self, on_event: Callable[[Event], None]) -> None:
        """Tell every change of status from now on, from a thread of the driver; the first status is a change."""
        if self._watcher is not None:
            return
        self._on_event = on_event
        self._stopping.clear()
        self._watcher = threading.Thread(target=self._watch, name="receipt-printer", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """End the watching, and let go of the wire."""
        watcher, self._watcher = self._watcher, None
        if watcher is None:
            return
        self._stopping.set()
        self._look.set()
        if watcher is not threading.current_thread():  # an event's handler may stop it too
            watcher.join(_STOP_TIME)

    def look_again(self) -> None:
        """Something was plugged in: the watcher looks at once."""
        self._look.set()

    # the wire

    def _request(self, work: Callable[[], T]) -> T:
        with self._counting:
            self._requests += 1
        try:
            with self._lock:
                return work()
        finally:
            with self._counting:
                self._requests -= 1

    def _open(self) -> Conversation:
        while True:
            try:
                wire = open_wire(self._address, self._timeout)
                break
            except DeviceGone:
                if time.monotonic() - self._closed_at > _REST:
                    raise
                time.sleep(_RETRY)
        try:
            wire.drain()
        except DriverError:
            wire.close()
            raise
        return Conversation(wire, self._timeout)

    def _with_wire(self, work: Callable[[Conversation], T]) -> T:
        """Work over the held wire, or over one opened for it. `work` raises only as long as it sent no receipt."""
        if self._held is not None:
            try:
                while self._held.listen(0):  # what it told by itself; the watcher takes it from there
                    pass
                return work(self._held)
            except DeviceGone:  # closed meanwhile by the other side: a new one may work
                self._let_go()
        talk = self._open()
        try:
            return work(talk)
        finally:
            talk.wire.close()
            self._closed_at = time.monotonic()

    def _ask(self) -> DeviceStatus:
        try:
            self.last_status = self._with_wire(self._jobs.ask)
        except DriverError as error:
            self.last_status = DeviceStatus(DeviceState.OFFLINE, error.code, paper=PaperState.UNKNOWN)
        return self.last_status

    def _let_go(self) -> None:
        talk, self._held = self._held, None
        if talk is not None:
            talk.wire.close()

    def _switch(self, talk: Conversation, command: bytes) -> None:
        """ASB on or off. A wire that breaks here is found broken by the next request."""
        self._unsure = command == ASB_ON
        try:
            talk.wire.write(command)
        except DriverError as error:
            log.info("receipt printer: status by itself not switched: %s", error.code)

    # the watcher

    def _watch(self) -> None:
        told: DeviceStatus | None = None
        failures, ask_at = 0, 0.0
        while not self._stopping.is_set():
            if self._look.is_set():
                self._look.clear()
                failures, ask_at = 0, 0.0
            if self._requests or (self._held is None and time.monotonic() < ask_at):
                self._look.wait(_YIELD if self._requests else max(0.0, ask_at - time.monotonic()))
                continue
            with self._lock:
                if self._unsure:
                    ask_at = min(ask_at, time.monotonic() + _UNSURE_SECONDS)
                status, asked = self._look_once(time.monotonic() >= ask_at)
            if asked:
                gone = status is not None and status.device is DeviceState.OFFLINE
                ask_at = time.monotonic() + (_BACK_OFF[min(failures, len(_BACK_OFF) - 1)] if gone else self._poll)
                failures = failures + 1 if gone else 0
            if status is not None and status != told:
                told = status
                self._tell(StatusChanged(status))
        with self._lock:
            if self._held is not None and self.profile.asb:
                self._switch(self._held, ASB_OFF)
            self._let_go()

    def _look_once(self, ask: bool) -> tuple[DeviceStatus | None, bool]:
        """The status, where there is news, and whether it was asked for."""
        try:
            if self._may_hold and self._held is None:
                self._held = self._open()
                if self.profile.asb:
                    self._switch(self._held, ASB_ON)
            if self._held is None or ask:
                status = self._ask()
                if status.device is DeviceState.OFFLINE:
                    self._let_go()
                elif self._held is not None:
                    self._unsure = self._unsure and self._held.block is None
                    self._held.block = None  # older than the answers
                return status, True
            self._held.listen(_SLICE)
            block, self._held.block = self._held.block, None
            if block is None:
                return None, False
            self._unsure = False
            self.last_status = believed(answers_of(block), self.profile.near_end, self.profile.cover)
            return self.last_status, False
        except DriverError as error:
            self._let_go()
            self.last_status = DeviceStatus(DeviceState.OFFLINE, error.code, paper=PaperState.UNKNOWN)
            return self.last_status, True

    def _tell(self, event: Event) -> None:
        if self._on_event is not None:
            self._on_event(event)
