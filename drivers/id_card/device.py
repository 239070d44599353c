"""A reader on a serial line: finds, selects and reads cards, notices them leaving, and comes back by
itself."""

from __future__ import annotations

import contextlib
import logging
import termios
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import serial

from drivers.errors import BadAnswer, CardUnreadable, DeviceGone, DriverError, NoAnswer
from drivers.id_card import codec
from drivers.id_card.codec import Answer, Damaged, FrameDecoder, Sw
from drivers.id_card.events import CardEvent, CardFailed, CardRead, CardRemoved, StatusChanged
from drivers.status import DeviceState, DeviceStatus, MediaState

log = logging.getLogger(__name__)

# The field's rule: poll no faster than every 300 ms, or some SAMs stop answering.
POLL_INTERVAL = 0.3
# find, select and status answer within 100 ms on hardware; 1 s leaves room for a USB hub waking up.
ANSWER_TIMEOUT = 1.0
# text and photo take 0.8-1.2 s on hardware.
READ_TIMEOUT = 3.0
# One lost answer is noise, this many in a row is a broken line.
FAILURES_BEFORE_OFFLINE = 2
# A card is found while the hand still brings it near, and answers select a moment later.
SELECT_TRIES = 3
SELECT_PAUSE = 0.1
# A worn antenna misses one find now and then: a card is gone when it was missed this often in a row.
MISSES_BEFORE_REMOVED = 2
# Reopening a port: soon at first (a cable pushed back), then rarely (a reader in repair).
BACK_OFF_FIRST = 0.5
BACK_OFF_FACTOR = 2.0
BACK_OFF_MOST = 15.0
# pyserial waits this long for a byte, then we look whether stop() was called.
_SLICE = 0.05

# SW3 -> detail of the status
_SAM_TROUBLE: dict[int, str] = {
    Sw.SELF_TEST_FAILED: "self-test-failed",
    Sw.NOT_AUTHORISED: "sam-not-authorised",
}
# SW3 -> reason of CardFailed
_FAILURES: dict[int, str] = {
    Sw.BAD_CHECKSUM: "bad-checksum",
    Sw.CARD_REJECTED_SAM: "rejected",
    Sw.SAM_REJECTED_CARD: "rejected",
    Sw.VERIFICATION: "rejected",
    Sw.WRONG_KIND: "wrong-kind",
}


class _Line:
    """An open port: one request, one answer. Raises DeviceGone, NoAnswer, BadAnswer."""

    def __init__(self, port: str, baudrate: int, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._decoder = FrameDecoder()
        try:
            self._serial = serial.Serial(port, baudrate, timeout=_SLICE, write_timeout=ANSWER_TIMEOUT)
        except (OSError, ValueError, termios.error) as error:
            raise DeviceGone(detail=type(error).__name__) from error

    def ask(self, request: bytes, timeout: float = ANSWER_TIMEOUT) -> Answer:
        """The answer to this request; what came late for an earlier one is thrown away first."""
        deadline = time.monotonic() + timeout
        self._decoder.clear()
        heard = False
        try:
            self._serial.reset_input_buffer()
            self._serial.write(request)
            while time.monotonic() < deadline and not self._stopping.is_set():
                data = self._serial.read(max(1, self._serial.in_waiting))
                heard = heard or bool(data)
                for answer in self._decoder.feed(data):
                    if isinstance(answer, Damaged):
                        raise BadAnswer(answer.reason)
                    return answer
        except serial.SerialTimeoutException as error:
            raise NoAnswer() from error
        except (
            OSError,
            termios.error,
        ) as error:  # an unplugged port gives SerialException, EIO or termios.error
            raise DeviceGone(detail=type(error).__name__) from error
        raise BadAnswer("garbage") if heard else NoAnswer()

    def close(self) -> None:
        with contextlib.suppress(OSError, termios.error):
            self._serial.close()


def _start_status(line: _Line) -> DeviceStatus:
    """Ask the SAM how it is."""
    sw3 = line.ask(codec.SAM_STATUS).sw3
    if sw3 == Sw.OK:
        return DeviceStatus(DeviceState.ONLINE, media=MediaState.NOT_PRESENT)
    detail = _SAM_TROUBLE.get(sw3, f"sam-status-{sw3:02x}")
    return DeviceStatus(DeviceState.HARDWARE_ERROR, detail, media=MediaState.UNKNOWN)


class IdCardReader:
    """One reader. Events come from its own thread, one at a time, in order; the handler must be quick.

    `status` is a snapshot and never waits. `check()` asks the wire when the reader is not started.
    """

    def __init__(self, port: str, baudrate: int = 115200, poll_interval: float = POLL_INTERVAL) -> None:
        self._port = port
        self._baudrate = baudrate
        self._poll_interval = poll_interval
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._on_event: Callable[[CardEvent], None] = lambda event: None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started", media=MediaState.UNKNOWN)
        self._failed = False  # the card on the reader failed: wait until it is lifted
        self._serial_number: bytes | None = None  # the card on the reader was read

    @property
    def status(self) -> DeviceStatus:
        """A snapshot; never waits."""
        return self._status

    def start(self, on_event: Callable[[CardEvent], None]) -> None:
        """Begin to watch for cards. Raises RuntimeError when started already."""
        if self._thread is not None:
            raise RuntimeError("reader is started already")
        self._on_event = on_event
        self._stopping.clear()
        self._failed, self._serial_number = False, None
        self._status = DeviceStatus(DeviceState.STARTING, media=MediaState.UNKNOWN)
        self._thread = threading.Thread(target=self._run, name="id-card-reader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching and free the port, within READ_TIMEOUT. No event comes after it returns."""
        self._stopping.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(READ_TIMEOUT + 1)
        self._thread = None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started", media=MediaState.UNKNOWN)

    def check(self) -> DeviceStatus:
        """The snapshot of a started reader; otherwise open the port, ask the SAM once and close it again."""
        if self._thread is not None:
            return self._status
        line = None
        try:
            line = _Line(self._port, self._baudrate, threading.Event())
            return _start_status(line)
        except DriverError as error:
            return self._broken(error)
        finally:
            if line is not None:
                line.close()

    # the thread

    def _run(self) -> None:
        back_off = BACK_OFF_FIRST
        while not self._stopping.is_set():
            line = None
            try:
                line = _Line(self._port, self._baudrate, self._stopping)
                status = _start_status(line)
                self._tell_status(status)
                if status.device is DeviceState.ONLINE:
                    back_off = BACK_OFF_FIRST
                    self._watch(line)
            except DriverError as error:
                if not self._stopping.is_set():
                    self._tell_status(self._broken(error))
            finally:
                if line is not None:
                    line.close()
            self._forget_card()
            self._stopping.wait(back_off)
            back_off = min(back_off * BACK_OFF_FACTOR, BACK_OFF_MOST)

    def _watch(self, line: _Line) -> None:
        """Poll until stopped. Raises DriverError when the line is broken, not when one answer is lost."""
        failures = misses = 0
        while not self._stopping.wait(self._poll_interval):
            try:
                if self._failed or self._serial_number is not None:
                    misses = 0 if self._still_there(line) else misses + 1
                    if misses >= MISSES_BEFORE_REMOVED:
                        misses = 0
                        self._forget_card()
                elif line.ask(codec.FIND_CARD).sw3 == Sw.CARD_FOUND:
                    self._read(line)
                failures = 0
            except (NoAnswer, BadAnswer):
                failures += 1
                if failures >= FAILURES_BEFORE_OFFLINE:
                    raise

    def _read(self, line: _Line) -> None:
        """Select and read the card that was found; tell CardRead or CardFailed."""
        serial_number = b""
        try:
            self._set_media(MediaState.ENTERING)
            serial_number = self._select(line)
            answer = line.ask(codec.READ_BASE, READ_TIMEOUT)
            if answer.sw3 == Sw.OK:
                card = codec.decode_base(answer.data)
                self._serial_number = serial_number
                self._set_media(MediaState.PRESENT)
                self._tell(CardRead(card))
                return
            reason = _FAILURES.get(answer.sw3, "unreadable")
        except BadAnswer as error:
            reason = "bad-checksum" if error.code == "bad-checksum" else "unreadable"
        except CardUnreadable:
            reason = "unreadable"
        except NoAnswer:
            reason = "no-answer"
        if self._stopping.is_set():
            return
        if reason == "unreadable" and not self._surely_there(line):
            reason = "lifted-early"
        self._failed = True
        self._set_media(MediaState.PRESENT)
        self._tell(CardFailed(reason))

    def _select(self, line: _Line) -> bytes:
        """Select the card that was found; its serial number. Raises CardUnreadable when it cannot be selected."""
        for _ in range(SELECT_TRIES):
            selected = line.ask(codec.SELECT_CARD)
            if selected.sw3 == Sw.OK:
                return selected.data
            self._stopping.wait(SELECT_PAUSE)
        raise CardUnreadable("not-selected")

    def _surely_there(self, line: _Line) -> bool:
        try:
            return self._still_there(line)
        except (NoAnswer, BadAnswer):
            return True  # a reader that stumbles says nothing about the card

    def _still_there(self, line: _Line) -> bool:
        """Whether the card that was read, or failed, still lies there.

        Some readers answer find for a card that stays, others only once for each placing. Those still
        answer a read of the newest address (90 or 91) while the card lies there.
        """
        if line.ask(codec.FIND_CARD).sw3 == Sw.CARD_FOUND:
            selected, known = line.ask(codec.SELECT_CARD), self._serial_number
            if selected.sw3 != Sw.OK or known is None:
                return True
            # many cards give eight zeros: then one card cannot be told from another here
            if known != selected.data and any(known) and any(selected.data):
                self._forget_card()  # another card was laid down between two polls: the next poll reads it
            return True
        return line.ask(codec.READ_NEW_ADDRESS).sw3 in (Sw.OK, Sw.NO_SUCH_ITEM)

    def _forget_card(self) -> None:
        present = self._failed or self._serial_number is not None
        self._failed, self._serial_number = False, None
        if self._status.device is DeviceState.ONLINE:
            self._set_media(MediaState.NOT_PRESENT)
        if present and not self._stopping.is_set():
            self._tell(CardRemoved())

    def _broken(self, error: DriverError) -> DeviceStatus:
        garbled = isinstance(error, BadAnswer)
        state = DeviceState.HARDWARE_ERROR if garbled else DeviceState.OFFLINE
        return DeviceStatus(state, error.code, media=MediaState.UNKNOWN)

    def _set_media(self, media: MediaState) -> None:
        self._status = replace(self._status, media=media)

    def _tell_status(self, status: DeviceStatus) -> None:
        before, self._status = self._status, status
        if (before.device, before.detail) != (status.device, status.detail):
            log.info("id card reader: %s %s", status.device.value, status.detail)
            self._tell(StatusChanged(status))

    def _tell(self, event: CardEvent) -> None:
        try:
            self._on_event(event)
        except Exception as error:
            # the watch must go on; the traceback could hold the card, so only the kind of error is logged
            log.error("handler of %s failed: %s", type(event).__name__, type(error).__name__)
