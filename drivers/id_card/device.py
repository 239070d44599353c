"""A reader on any wire: finds, selects and reads cards, notices them leaving, and comes back by itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from drivers.errors import BadAnswer, CardUnreadable, DeviceGone, DriverError, NoAnswer
from drivers.id_card.codec import IdCard
from drivers.id_card.events import CardEvent, CardFailed, CardRead, CardRemoved, StatusChanged
from drivers.id_card.photo import PhotoWorker
from drivers.id_card.sam import READ_TIMEOUT, Sam
from drivers.id_card.status_words import (
    NotAuthorised,
    SelectFailed,
    SelfTestFailed,
    StatusWordError,
)
from drivers.status import DeviceState, DeviceStatus, MediaState
from drivers.telling import tell
from drivers.wire import Address, Wire, open_wire, parse_address

log = logging.getLogger(__name__)

# The field's rule: find no faster than every 300 ms, or some SAMs stop answering.
POLL_INTERVAL = 0.3
# One lost answer is noise, this many in a row is a broken line.
FAILURES_BEFORE_OFFLINE = 2
# A card is found while the hand still brings it near, and answers select a moment later.
SELECT_TRIES = 3
SELECT_PAUSE = 0.1
# A worn antenna misses one find now and then: a card is gone when it was missed this often in a row.
MISSES_BEFORE_REMOVED = 2
# A SAM that was in trouble so often in a row is reset before it is asked again.
TROUBLES_BEFORE_RESET = 2
# Reopening a port: soon at first (a cable pushed back), then rarely (a reader in repair).
BACK_OFF_FIRST = 0.5
BACK_OFF_FACTOR = 2.0
BACK_OFF_MOST = 15.0
# stop() waits for one answer, a photo decoder or a device that takes no bytes: never longer than this.
STOP_WITHIN = READ_TIMEOUT + 1.0
_ONLINE = DeviceStatus(DeviceState.ONLINE, media=MediaState.NOT_PRESENT)


class IdCardReader:
    """One reader. Events come from its own thread, one at a time, in order; the handler must be quick.

    `status` is a snapshot and never waits. `check()` asks the wire when the reader is not started.

    port: an address of drivers/wire ("serial:/dev/ttyS0", "usb:0400:c35a", "hid:0400:c35a", a bare path).
    baudrate: of a serial line whose address names none.
    poll_interval: seconds between two looks for a card; less than 0.3 is raised to 0.3, the field's limit.
    photo_decoder: a program or "module:attribute", see photo.py; "" for none.
    fingerprint: whether to ask for the fingerprint, which is passed on unread.
    max_rf_bytes: limit of a radio frame for readers that need one (0x50); 0 leaves it alone.

    Raises ConfigError.
    """

    def __init__(
        self,
        port: str,
        baudrate: int = 115200,
        poll_interval: float = POLL_INTERVAL,
        photo_decoder: str = "",
        fingerprint: bool = False,
        max_rf_bytes: int = 0,
    ) -> None:
        self._address = _address(port, baudrate)
        self._poll_interval = max(poll_interval, POLL_INTERVAL)
        self._photos = PhotoWorker(photo_decoder) if photo_decoder else None
        self._fingerprint = fingerprint
        self._max_rf_bytes = max_rf_bytes
        self._stopping = threading.Event()
        self._wake = threading.Event()  # ends a back-off pause
        self._thread: threading.Thread | None = None
        self._on_event: Callable[[CardEvent], None] = lambda event: None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started", media=MediaState.UNKNOWN)
        self._sam_number = ""
        self._troubles = 0  # rounds in a row in which the SAM was in trouble, not the wire
        self._find_after = 0.0
        self._finds = True  # whether its last find was answered: a SAM that only says that it is well is not
        self._failed = False  # the card on the reader failed: wait until it is lifted
        self._serial_number: bytes | None = None  # the card on the reader was read

    @property
    def status(self) -> DeviceStatus:
        """A snapshot; never waits."""
        return self._status

    @property
    def sam_number(self) -> str:
        """The number of the SAM that answered last ("05.01-20131207-…"), "" before one did; never waits."""
        return self._sam_number

    def start(self, on_event: Callable[[CardEvent], None]) -> None:
        """Begin to watch for cards. Raises RuntimeError when started already."""
        if self._thread is not None:
            raise RuntimeError("reader is started already")
        self._on_event = on_event
        self._stopping.clear()
        self._wake.clear()
        self._failed, self._serial_number = False, None
        self._status = DeviceStatus(DeviceState.STARTING, media=MediaState.UNKNOWN)
        self._thread = threading.Thread(target=self._run, name="id-card-reader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching and free the port, within STOP_WITHIN. No event comes after it returns."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_WITHIN)
        self._thread = None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started", media=MediaState.UNKNOWN)

    def look_again(self) -> None:
        """Something was plugged in: a reader that is away is tried at once."""
        self._wake.set()

    def check(self) -> DeviceStatus:
        """The snapshot of a started reader; otherwise open the port, ask the SAM and close it again."""
        if self._thread is not None:
            return self._status
        wire = None
        try:
            wire = open_wire(self._address)
            self._begin(Sam(wire, threading.Event()))
            return _ONLINE
        except DriverError as error:
            return _broken(error)
        finally:
            if wire is not None:
                wire.close()

    # the thread

    def _run(self) -> None:
        back_off = BACK_OFF_FIRST
        while not self._stopping.is_set():
            wire: Wire | None = None
            try:
                wire = open_wire(self._address)
                sam = Sam(wire, self._stopping)
                self._begin(sam)
                self._troubles = 0
                if self._finds:
                    self._tell_status(_ONLINE)
                back_off = BACK_OFF_FIRST
                self._watch(sam)
            except DriverError as error:
                self._count_trouble(error)
                if not self._stopping.is_set():
                    self._tell_status(_broken(error))
            finally:
                if wire is not None:
                    wire.close()
            self._forget_card()
            if self._wake.wait(back_off):
                self._wake.clear()
                back_off = BACK_OFF_FIRST
            else:
                back_off = min(back_off * BACK_OFF_FACTOR, BACK_OFF_MOST)

    def _count_trouble(self, error: DriverError) -> None:
        if isinstance(error, DeviceGone):
            self._troubles = 0
        elif isinstance(error, StatusWordError):  # the SAM itself says so
            self._troubles = TROUBLES_BEFORE_RESET
        else:
            self._troubles += 1

    def _begin(self, sam: Sam) -> None:
        """Bring the SAM to work. Raises DriverError."""
        if self._troubles >= TROUBLES_BEFORE_RESET:
            try:
                sam.reset()
            except (NoAnswer, BadAnswer, StatusWordError) as error:
                log.info("id card reader: reset: %s", error.code)
        sam.status()
        try:
            self._sam_number = sam.number()
            if self._max_rf_bytes:
                sam.limit_rf_bytes(self._max_rf_bytes)
        except (BadAnswer, NoAnswer, StatusWordError) as error:
            log.info("id card reader: sam id: %s", error.code)  # a reader without it still reads cards

    def _watch(self, sam: Sam) -> None:
        """Poll until stopped. Raises DriverError when the line is broken, not when one answer is lost."""
        failures = misses = 0
        while not self._stopping.is_set():
            try:
                if self._failed or self._serial_number is not None:
                    misses = 0 if self._still_there(sam) else misses + 1
                    if misses >= MISSES_BEFORE_REMOVED:
                        misses = 0
                        self._forget_card()
                else:
                    self._finds = False
                    found = self._find(sam)
                    self._finds = True
                    if not self._status.usable:
                        self._tell_status(_ONLINE)
                    if found:
                        self._read(sam)
                failures = 0
            except (NoAnswer, BadAnswer, StatusWordError):
                failures += 1
                if failures >= FAILURES_BEFORE_OFFLINE:
                    raise
            self._stopping.wait(self._poll_interval)

    def _find(self, sam: Sam) -> bool:
        """Ask for a card, POLL_INTERVAL after the answer to the last question at the earliest."""
        self._stopping.wait(max(0.0, self._find_after - time.monotonic()))
        try:
            return sam.find()
        finally:
            self._find_after = time.monotonic() + POLL_INTERVAL

    def _read(self, sam: Sam) -> None:
        """Select and read the card that was found; tell CardRead or CardFailed."""
        try:
            self._set_media(MediaState.ENTERING)
            serial_number = self._select(sam)
            card = self._with_picture(self._with_new_address(sam, sam.read_base(self._fingerprint)))
        except (SelfTestFailed, NotAuthorised):
            raise  # no fault of the card
        except (StatusWordError, BadAnswer, NoAnswer, CardUnreadable) as error:
            if self._stopping.is_set():
                return
            failed = _failure(error)
            if failed.reason == "unreadable" and not self._surely_there(sam):
                failed = replace(failed, reason="lifted-early")
            self._failed = True
            self._set_media(MediaState.PRESENT)
            self._tell(failed)
            return
        self._serial_number = serial_number
        self._set_media(MediaState.PRESENT)
        self._tell(CardRead(card))

    def _select(self, sam: Sam) -> bytes:
        """Select the card that was found; its serial number. Raises SelectFailed when it cannot be selected."""
        for left in reversed(range(SELECT_TRIES)):
            try:
                return sam.select()
            except SelectFailed:
                if not left:
                    raise
            self._stopping.wait(SELECT_PAUSE)
        raise AssertionError

    def _with_new_address(self, sam: Sam, card: IdCard) -> IdCard:
        """The card with its newest address. Whatever fails here costs only that address: the card was read."""
        if card.kind in ("I", "Y"):
            return replace(card, new_address="")  # these carry no address at all
        try:
            return replace(card, new_address=sam.new_address())
        except DriverError as error:  # a reader that goes away here is noticed by the next poll
            log.info("id card reader: newest address: %s", error.code)
        return card

    def _with_picture(self, card: IdCard) -> IdCard:
        if self._photos is None or not card.photo:
            return card
        return replace(card, picture=self._photos.decode(card.photo))

    def _surely_there(self, sam: Sam) -> bool:
        try:
            return self._still_there(sam)
        except (NoAnswer, BadAnswer, StatusWordError):
            return True  # a reader that stumbles says nothing about the card

    def _still_there(self, sam: Sam) -> bool:
        """Whether the card that was read, or failed, still lies there.

        Some readers answer find for a card that stays, others only once for each placing. Those still
        answer a read of the newest address (90 or 91) while the card lies there.
        """
        if not self._find(sam):
            return sam.still_readable()
        if self._serial_number is None:
            return True
        try:
            selected = sam.select()
        except StatusWordError:
            return True
        # many cards give eight zeros: then one card cannot be told from another here
        if self._serial_number != selected and any(self._serial_number) and any(selected):
            self._forget_card()  # another card was laid down between two polls: the next poll reads it
        return True

    def _forget_card(self) -> None:
        present = self._failed or self._serial_number is not None
        self._failed, self._serial_number = False, None
        if self._status.device is DeviceState.ONLINE:
            self._set_media(MediaState.NOT_PRESENT)
        if present:
            self._tell(CardRemoved())

    def _set_media(self, media: MediaState) -> None:
        self._status = replace(self._status, media=media)

    def _tell_status(self, status: DeviceStatus) -> None:
        before, self._status = self._status, status
        if (before.device, before.detail) != (status.device, status.detail):
            log.info("id card reader: %s %s", status.device.value, status.detail)
            self._tell(StatusChanged(status))

    def _tell(self, event: CardEvent) -> None:
        if self._stopping.is_set():
            return
        tell(self._on_event, event, log)


def _address(port: str, baudrate: int) -> Address:
    """Raises ConfigError."""
    address = parse_address(port)
    if address.scheme == "serial" and "baudrate" not in address.options:
        options = {**address.options, "baudrate": str(baudrate)}
        address = replace(address, options=MappingProxyType(options))
    return address


def _broken(error: DriverError) -> DeviceStatus:
    wrong = isinstance(error, BadAnswer | StatusWordError)
    return DeviceStatus(
        DeviceState.HARDWARE_ERROR if wrong else DeviceState.OFFLINE, error.code, media=MediaState.UNKNOWN
    )


def _failure(error: DriverError) -> CardFailed:
    if isinstance(error, StatusWordError):
        return CardFailed(error.reason, error.code, error.sw_text)
    if isinstance(error, NoAnswer):
        return CardFailed("no-answer", error.code)
    return CardFailed("bad-checksum" if error.code == "bad-checksum" else "unreadable", error.code)
