"""A code scanner of any kind: its thread, its status, and how it comes back."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from drivers.code_scanner.choice import source_of
from drivers.code_scanner.events import CodeEvent, CodeRead, StatusChanged
from drivers.code_scanner.framing import LONGEST
from drivers.code_scanner.sightings import SAME_AFTER, Sightings
from drivers.code_scanner.source import PAUSE, Ending, Watch
from drivers.errors import DriverError
from drivers.status import DeviceState, DeviceStatus
from drivers.telling import tell

log = logging.getLogger(__name__)

# Soon at first (a cable pushed back, a worker that crashed), then rarely (a scanner in repair).
BACK_OFF_FIRST = 0.5
BACK_OFF_MOST = 10.0
# What ran for so long was well: the next back-off is short again.
WELL_AFTER = 12.0
STOP_WITHIN = 5.0


class CodeScanner:
    """One scanner: a camera, a scanner on a line or one that types; see choice.py for addresses.

    It is open only between start and stop. Events come from its own thread, in order; the handler must be quick.
    """

    def __init__(self, url: str, end: str = "auto", pause: float = PAUSE, longest: int = LONGEST) -> None:
        """`end`, `pause` (seconds) and `longest` are for lines and keys: see source.Ending. Raises ConfigError."""
        self._source = source_of(url, Ending(end, pause, longest))
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._look = threading.Event()
        self._on_event: Callable[[CodeEvent], None] = lambda event: None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")

    @property
    def status(self) -> DeviceStatus:
        """A snapshot; never waits."""
        return self._status

    def start(self, on_event: Callable[[CodeEvent], None]) -> None:
        """Open the scanner and tell each code. Raises RuntimeError when started already."""
        if self._thread is not None:
            raise RuntimeError("scanner is started already")
        self._on_event = on_event
        self._stopping = threading.Event()  # a thread that outlived its stop() keeps the one that was set
        self._status = DeviceStatus(DeviceState.STARTING)
        self._thread = threading.Thread(target=self._run, args=(self._stopping,), name="code-scanner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of the scanner, within STOP_WITHIN seconds. No event comes after it returns."""
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self.look_again()
        if thread is not threading.current_thread():
            thread.join(STOP_WITHIN)
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")

    def look_again(self) -> None:
        """Something was plugged in: a back-off pause ends now. From any thread."""
        self._look.set()
        self._source.wake()

    def check(self, fresh: bool = False) -> DeviceStatus:
        """The snapshot of a started scanner; otherwise what it says now. Never raises.

        A camera is looked at once a minute at most, unless `fresh`: looking switches it on.
        """
        return self._status if self._thread is not None else self._source.check(fresh)

    def _run(self, stopping: threading.Event) -> None:
        back_off = BACK_OFF_FIRST
        sightings = Sightings(SAME_AFTER)

        def tell_codes(texts: list[str]) -> None:
            for text in sightings.new(texts, time.monotonic()):
                self._tell(CodeRead(text), stopping)

        watch = Watch(stopping, tell_codes, lambda status: self._tell_status(status, stopping))
        while not stopping.is_set():
            began = time.monotonic()
            self._look.clear()
            try:
                self._source.follow(watch)
            except DriverError as error:
                self._tell_status(DeviceStatus(DeviceState.OFFLINE, error.code), stopping)
            except Exception as error:
                # the traceback could hold a code, so only the kind of error is logged
                log.error("code scanner: %s", type(error).__name__)
                self._tell_status(DeviceStatus(DeviceState.HARDWARE_ERROR, type(error).__name__), stopping)
            if time.monotonic() - began > WELL_AFTER:
                back_off = BACK_OFF_FIRST
            if not stopping.is_set() and self._look.wait(back_off):
                back_off = BACK_OFF_FIRST
            else:
                back_off = min(back_off * 2, BACK_OFF_MOST)

    def _tell_status(self, status: DeviceStatus, stopping: threading.Event) -> None:
        if status != self._status and not stopping.is_set():
            self._status = status
            log.info("code scanner: %s %s", status.device.value, status.detail)
            self._tell(StatusChanged(status), stopping)

    def _tell(self, event: CodeEvent, stopping: threading.Event) -> None:
        if stopping.is_set():
            return
        tell(self._on_event, event, log)
