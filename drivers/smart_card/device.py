"""A PC/SC reader: a process of its own makes the calls, as any of them can hang with pcscd, a driver or a chip.

The process is ended where it falls silent, and another one begins; nobody who asks this class ever waits for it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from drivers.smart_card.cards import from_values
from drivers.smart_card.events import (
    CardFailed,
    CardInserted,
    CardRead,
    CardRemoved,
    SmartCardEvent,
    StatusChanged,
)
from drivers.status import DeviceState, DeviceStatus, MediaState
from drivers.telling import tell

log = logging.getLogger(__name__)

# A chip answers one command within a second, the slowest asks for more time up to three; the worker says "alive"
# each second otherwise. Longer is a hanging chip, driver or pcscd.
SILENT_FOR = 4.0
# Python and pyscard load in 0.15 s, on a busy machine in several.
START_WITHIN = 20.0
# check() of a reader that is not started: the worker's start and one look.
CHECK_WITHIN = 10.0
# The worker is killed, which frees it from any call.
STOP_WITHIN = 2.0
# A worker that ended is started again soon, one that keeps ending rarely.
BACK_OFF_FIRST = 0.3
BACK_OFF_MOST = 5.0
_ROOT = Path(__file__).resolve().parents[2]
_NOT_STARTED = DeviceStatus(DeviceState.OFFLINE, "not-started", media=MediaState.UNKNOWN)
_SILENT = DeviceStatus(DeviceState.OFFLINE, "no-answer", media=MediaState.UNKNOWN)


class SmartCardReader:
    """One reader of 社会保障卡 and bank cards. Events come from its own thread, one at a time, in order.

    `reader` is a part of the reader's PC/SC name ("" takes any, contact first, but no SAM slot); `socket` is pcscd's
    socket where it is not the system's.

    Details of a status: no-service (pcscd does not run), no-reader (none by this name), in-use (another program holds
    the reader; the card is read once it is free), no-answer (a call hangs; known within SILENT_FOR).
    """

    def __init__(self, reader: str = "", socket: str = "") -> None:
        self._reader = reader
        self._socket = socket
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._looking = threading.Event()
        self._on_event: Callable[[SmartCardEvent], None] = lambda event: None
        self._status = _NOT_STARTED
        self._worker: subprocess.Popen[bytes] | None = None
        # written to by stop() to wake the thread at once
        self._wake: tuple[int, int] | None = None
        self._present = False  # a card was told and its removal was not
        self._reading = False
        self._waiting = False  # this worker said that another program holds the reader
        self._failed = False  # the card that is there failed: wait until it is gone

    @property
    def status(self) -> DeviceStatus:
        """A snapshot; never waits."""
        return self._status

    def start(self, on_event: Callable[[SmartCardEvent], None]) -> None:
        """Begin to watch for cards; one that lies there already is read. Raises RuntimeError when started already."""
        self._start(on_event, leave_card=False)

    def _start(self, on_event: Callable[[SmartCardEvent], None], leave_card: bool) -> None:
        if self._thread is not None:
            raise RuntimeError("reader is started already")
        self._on_event = on_event
        self._stopping.clear()
        self._looking.clear()
        self._present = self._reading = self._waiting = False
        self._failed = leave_card
        self._wake = os.pipe()
        self._status = DeviceStatus(DeviceState.STARTING, media=MediaState.UNKNOWN)
        self._thread = threading.Thread(target=self._run, args=(self._wake[0],), name="smart-card", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching and free the reader, within STOP_WITHIN. No event comes after it returns."""
        self._stopping.set()
        self._looking.set()
        if self._thread is None or self._wake is None:
            return
        os.write(self._wake[1], b"x")
        if self._thread is not threading.current_thread():
            self._thread.join(STOP_WITHIN)
            for end in self._wake:
                os.close(end)
        self._thread, self._wake = None, None
        self._status = _NOT_STARTED

    def look_again(self) -> None:
        """Something was plugged in: end any pause at once."""
        self._looking.set()
        worker = self._worker
        if worker is not None and worker.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                worker.stdin.write(b"\n")

    def check(self, timeout: float = CHECK_WITHIN) -> DeviceStatus:
        """The snapshot of a started reader; otherwise ask pcscd once, within `timeout` seconds. Never raises."""
        if self._thread is not None:
            return self._status
        other = SmartCardReader(self._reader, self._socket)
        known = threading.Event()
        found = [_SILENT]

        def see(event: SmartCardEvent) -> None:
            if isinstance(event, StatusChanged):
                found[0] = event.status
                known.set()

        other._start(see, leave_card=True)
        known.wait(timeout)
        other.stop()
        return found[0]

    # the thread

    def _run(self, wake: int) -> None:
        back_off = BACK_OFF_FIRST
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._worker = worker = self._start_worker()
            except OSError as error:
                self._broken(DeviceStatus(DeviceState.HARDWARE_ERROR, type(error).__name__, media=MediaState.UNKNOWN))
            else:
                try:
                    self._follow(worker, wake)
                finally:
                    self._worker = None
                    worker.kill()
                    worker.communicate()
                if not self._stopping.is_set():
                    self._lost()
            if time.monotonic() - began > 2 * SILENT_FOR:
                back_off = BACK_OFF_FIRST
            self._looking.wait(back_off)
            self._looking.clear()
            back_off = min(back_off * 2, BACK_OFF_MOST)

    def _start_worker(self) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "drivers.smart_card", "watch", "--reader", self._reader]
        self._waiting = False
        if self._failed:
            words.append("--after-failure")
        environment = os.environ | ({"PCSCLITE_CSOCK_NAME": self._socket} if self._socket else {})
        return subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            cwd=_ROOT, env=environment,
        )  # fmt: skip

    def _follow(self, worker: subprocess.Popen[bytes], wake: int) -> None:
        """Hand on the worker's lines until it ends, falls silent or is not wanted any more."""
        assert worker.stdout is not None
        output = worker.stdout.fileno()
        rest, patience = b"", START_WITHIN
        while not self._stopping.is_set():
            ready, _, _ = select.select([output, wake], [], [], patience)
            if output not in ready:
                return
            data = os.read(output, 65536)
            if not data:
                return
            patience = SILENT_FOR
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._take(line)

    def _lost(self) -> None:
        """The worker hung or ended: while it read, the card is to blame; otherwise the reader.

        One that waited for another program keeps its word; the next worker looks again.
        """
        if self._waiting:
            return
        if self._reading:
            self._fail("no-answer")
        else:
            self._broken(_SILENT)

    def _broken(self, status: DeviceStatus) -> None:
        self._remove()
        self._tell_status(status)

    def _take(self, line: bytes) -> None:
        try:
            said = json.loads(line)
            event = said["event"]
            if event == "status":
                self._take_status(DeviceState(said["device"]), str(said["detail"]))
            elif event == "inserted":
                was_there, self._present, self._reading = self._present, True, True
                self._set_media(MediaState.ENTERING)
                if not was_there:
                    self._tell(CardInserted())
            elif event == "card":
                card = from_values(said["card"])
                self._reading = False
                self._set_media(MediaState.PRESENT)
                self._tell(CardRead(card))
            elif event == "failed":
                self._fail(str(said["reason"]))
            elif event == "still-there":
                self._present = True
                self._set_media(MediaState.PRESENT)
            elif event == "removed":
                self._remove()
        except (ValueError, KeyError, TypeError) as error:
            # the line could hold a person, so only the kind of error is logged
            log.warning("smart card reader: a line of the worker could not be understood: %s", type(error).__name__)

    def _take_status(self, device: DeviceState, detail: str) -> None:
        if device is DeviceState.OFFLINE:
            self._broken(DeviceStatus(device, detail, media=MediaState.UNKNOWN))
            return
        self._waiting = device is DeviceState.DEVICE_BUSY
        media = self._status.media if self._present else MediaState.NOT_PRESENT
        self._tell_status(DeviceStatus(device, detail, media=media))

    def _fail(self, reason: str) -> None:
        self._reading = False
        self._failed = True
        self._set_media(MediaState.PRESENT)
        self._tell(CardFailed(reason))

    def _remove(self) -> None:
        was_there, self._present = self._present, False
        self._reading = self._failed = False
        if self._status.device in (DeviceState.ONLINE, DeviceState.DEVICE_BUSY):
            self._set_media(MediaState.NOT_PRESENT)
        if was_there:
            self._tell(CardRemoved())

    def _set_media(self, media: MediaState) -> None:
        self._status = replace(self._status, media=media)

    def _tell_status(self, status: DeviceStatus) -> None:
        before, self._status = self._status, status
        if (before.device, before.detail) != (status.device, status.detail):
            log.info("smart card reader: %s %s", status.device.value, status.detail)
            self._tell(StatusChanged(status))

    def _tell(self, event: SmartCardEvent) -> None:
        if self._stopping.is_set():
            return
        tell(self._on_event, event, log)
