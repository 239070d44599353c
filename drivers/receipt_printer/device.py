"""An ESC/POS printer on a TCP port. A connection is opened for each request: many printers take only one at
a time."""

from __future__ import annotations

import logging
import socket
import threading
import time
from urllib.parse import urlsplit

from drivers.errors import ConfigError, DeviceGone, DriverError, NoAnswer
from drivers.printing import PrintOutcome
from drivers.receipt_printer.document import Receipt
from drivers.receipt_printer.encode import encode
from drivers.receipt_printer.status import (
    CLEAR_BUFFER,
    GS_R_PAPER,
    AnswerDecoder,
    InTurn,
    RealTime,
    dle_eot,
    parse,
)
from drivers.status import DeviceState, DeviceStatus, PaperState

log = logging.getLogger(__name__)

# Printers print 150 mm/s at least; a receipt of 40 cm with pictures needs 3 s.
PRINT_TIME = 10.0


class _Line:
    """An open connection. Raises DeviceGone and NoAnswer."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self._timeout = timeout
        self._decoder = AnswerDecoder()
        try:
            self._socket = socket.create_connection((host, port), timeout=timeout)
        except OSError as error:
            raise DeviceGone("offline") from error

    def send(self, data: bytes) -> None:
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(data)
        except TimeoutError as error:
            raise NoAnswer() from error
        except OSError as error:
            raise DeviceGone("offline") from error

    def wait(self, kind: type[RealTime] | type[InTurn], timeout: float) -> int:
        """The byte of the next answer of this kind; unsolicited ones are passed over."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            try:
                self._socket.settimeout(left)
                data = self._socket.recv(256)
            except TimeoutError:
                break
            except OSError as error:
                raise DeviceGone("offline") from error
            if not data:
                raise DeviceGone("offline")
            for answer in self._decoder.feed(data):
                if isinstance(answer, kind):
                    return answer.byte
        raise NoAnswer()

    def status(self) -> DeviceStatus:
        answers = []
        for number in (1, 2, 3, 4):  # one at a time: the answers do not say which question they belong to
            self.send(dle_eot(number))
            answers.append(self.wait(RealTime, self._timeout))
        return parse(*answers)

    def close(self) -> None:
        self._socket.close()


def _reason(status: DeviceStatus) -> str:
    return status.detail or status.device.value


class ReceiptPrinter:
    """One printer at "tcp://host:port" (9100 if no port is given). `timeout` bounds each
    status answer and `print_time` the printing, in seconds.

    Thread-safe: one request at a time. Raises ConfigError for an address of another form.
    """

    def __init__(self, address: str, timeout: float = 5.0, print_time: float = PRINT_TIME) -> None:
        parts = urlsplit(address)
        if parts.scheme != "tcp" or not parts.hostname:
            raise ConfigError(detail="a receipt printer's address is tcp://host:port")
        self._host, self._port = parts.hostname, parts.port or 9100
        self._timeout, self._print_time = timeout, print_time
        self._lock = threading.Lock()

    def status(self) -> DeviceStatus:
        """Ask the printer. Never raises: offline "no-answer" or "offline" when it does not answer."""
        with self._lock:
            line = None
            try:
                line = self._open()
                return line.status()
            except DriverError as error:
                return self._offline(error)
            finally:
                if line is not None:
                    line.close()

    def print(self, receipt: Receipt) -> PrintOutcome:
        """Print and cut. Never raises for what the printer does; ValueError for a receipt that cannot be
        encoded.

        Asks before (a printer that is not usable gets nothing: failed), and after. Confirmed only if the
        printer
        worked through the last byte and then said that it is online with paper. On uncertain it is told to
        forget the rest, so that this receipt does not come out before the next citizen.
        """
        data = encode(receipt)
        with self._lock:
            line = None
            try:
                line = self._open()
                before = line.status()
                if not before.usable:
                    return PrintOutcome("failed", _reason(before))
            except DriverError as error:
                if line is not None:
                    line.close()
                return PrintOutcome("failed", error.code)
            try:
                outcome = self._send(line, data)
                log.info("receipt printer: %s %s", outcome.result, outcome.reason)
                return outcome
            finally:
                line.close()

    def _open(self) -> _Line:
        return _Line(self._host, self._port, self._timeout)

    def _send(self, line: _Line, data: bytes) -> PrintOutcome:
        try:
            line.send(data + GS_R_PAPER)
            line.wait(InTurn, self._print_time)
            after = line.status()
            if after.usable:
                return PrintOutcome("confirmed", "ok", after.detail)
            return PrintOutcome("uncertain", _reason(after))
        except DeviceGone as error:
            return PrintOutcome("uncertain", error.code)
        except NoAnswer:
            return self._forget(line)

    def _forget(self, line: _Line) -> PrintOutcome:
        """The printer stopped in the middle: learn why, and clear what it still holds."""
        try:
            status = line.status()
            line.send(CLEAR_BUFFER)
            return PrintOutcome("uncertain", "timeout" if status.usable else _reason(status))
        except DriverError as error:
            return PrintOutcome("uncertain", error.code)

    def _offline(self, error: DriverError) -> DeviceStatus:
        return DeviceStatus(DeviceState.OFFLINE, error.code, paper=PaperState.UNKNOWN)
