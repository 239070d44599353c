"""A scanner that types what it reads, as a keyboard ("keyboard wedge"). Its keys reach nobody else."""

from __future__ import annotations

import time

from drivers.code_scanner.source import Ending, Watch
from drivers.code_scanner.text import is_clean
from drivers.code_scanner.typed import Typist
from drivers.errors import DriverError
from drivers.input_device import InputDevice, parse_place
from drivers.status import DeviceState, DeviceStatus

_SLICE = 0.2


class TypingScanner:
    """See Source."""

    def __init__(self, address: str, ending: Ending) -> None:
        self._place = parse_place(address)
        self._ending = ending

    def follow(self, watch: Watch) -> None:
        """See Source."""
        device = InputDevice(self._place)
        try:
            watch.tell_status(DeviceStatus(DeviceState.ONLINE))
            typist, typed_at = Typist(self._ending.longest, self._ending.end), time.monotonic()
            while not watch.stopping.is_set():
                events = device.read(min(_SLICE, self._ending.pause))
                now = time.monotonic()
                codes = [code for event in events for code in typist.feed(event)]
                if events:
                    typed_at = now
                elif typist.begun and now - typed_at >= self._ending.pause:
                    codes = typist.pause()
                for code in filter(is_clean, codes):
                    watch.tell_codes([code])
        finally:
            device.close()

    def wake(self) -> None:
        """See Source."""

    def check(self, fresh: bool) -> DeviceStatus:
        """See Source."""
        try:
            InputDevice(self._place).close()
            return DeviceStatus(DeviceState.ONLINE)
        except DriverError as error:
            return DeviceStatus(DeviceState.OFFLINE, error.code)
