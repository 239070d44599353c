"""A keypad: its thread, its status, and how it comes back."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from drivers.errors import DriverError
from drivers.input_device import InputDevice, parse_place
from drivers.keypad.codec import Keys, key_map
from drivers.keypad.events import KeypadEvent, StatusChanged
from drivers.status import DeviceState, DeviceStatus
from drivers.telling import tell

log = logging.getLogger(__name__)

BACK_OFF_FIRST = 0.5
BACK_OFF_MOST = 10.0
# How often it is looked whether somebody wants to stop, and whether a key is held.
_SLICE = 0.2
_SLICE_DOWN = 0.05


class Keypad:
    """One keypad, held for us alone between start and stop. Events come from its own thread, in order."""

    def __init__(self, address: str, keys: Mapping[str, str] | None = None) -> None:
        """`address` as in drivers.input_device; `keys` as in codec.key_map. Raises ConfigError."""
        self._place = parse_place(address)
        self._names = key_map(keys)
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._look = threading.Event()
        self._on_event: Callable[[KeypadEvent], None] = lambda event: None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")

    @property
    def status(self) -> DeviceStatus:
        """A snapshot; never waits."""
        return self._status

    def start(self, on_event: Callable[[KeypadEvent], None]) -> None:
        """Take the keypad and tell each key. Raises RuntimeError when started already."""
        if self._thread is not None:
            raise RuntimeError("keypad is started already")
        self._on_event = on_event
        self._stopping = threading.Event()  # a thread that outlived its stop() keeps the one that was set
        self._status = DeviceStatus(DeviceState.STARTING)
        self._thread = threading.Thread(target=self._run, args=(self._stopping,), name="keypad", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of the keypad. No event comes after it returns."""
        self._stopping.set()
        self._look.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)
        self._thread = None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")

    def look_again(self) -> None:
        """Something was plugged in: a back-off pause ends now. From any thread."""
        self._look.set()

    def check(self) -> DeviceStatus:
        """The snapshot of a started keypad; otherwise take it and let it go. Never raises."""
        if self._thread is not None:
            return self._status
        try:
            InputDevice(self._place).close()
            return DeviceStatus(DeviceState.ONLINE)
        except DriverError as error:
            return DeviceStatus(DeviceState.OFFLINE, error.code)

    def _run(self, stopping: threading.Event) -> None:
        back_off = BACK_OFF_FIRST
        while not stopping.is_set():
            self._look.clear()
            try:
                device = InputDevice(self._place)
                back_off = BACK_OFF_FIRST
                self._follow(device, stopping)
            except DriverError as error:
                self._tell_status(DeviceStatus(DeviceState.OFFLINE, error.code), stopping)
            if not stopping.is_set() and self._look.wait(back_off):
                back_off = BACK_OFF_FIRST
            else:
                back_off = min(back_off * 2, BACK_OFF_MOST)

    def _follow(self, device: InputDevice, stopping: threading.Event) -> None:
        keys = Keys(self._names)
        try:
            self._tell_status(DeviceStatus(DeviceState.ONLINE), stopping)
            while not stopping.is_set():
                events = device.read(_SLICE_DOWN if keys.any_down else _SLICE)
                now = time.monotonic()
                for event in events:
                    for told in keys.feed(event, now):
                        self._tell(told, stopping)
                for held in keys.passed(now):
                    self._tell(held, stopping)
        finally:
            device.close()

    def _tell_status(self, status: DeviceStatus, stopping: threading.Event) -> None:
        if status != self._status and not stopping.is_set():
            self._status = status
            log.info("keypad: %s %s", status.device.value, status.detail)
            self._tell(StatusChanged(status), stopping)

    def _tell(self, event: KeypadEvent, stopping: threading.Event) -> None:
        if stopping.is_set():
            return
        tell(self._on_event, event, log)
