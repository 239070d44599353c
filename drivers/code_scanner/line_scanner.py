"""A scanner on a serial line, or on any other wire: it sends the bytes of a code, and an end."""

from __future__ import annotations

import time

from drivers.code_scanner.framing import Framer
from drivers.code_scanner.source import Ending, Watch
from drivers.code_scanner.text import as_text, is_clean
from drivers.errors import DriverError
from drivers.status import DeviceState, DeviceStatus
from drivers.wire import Wire, open_wire, parse_address

# Scanners greet when they get power, and a port that opens gives a burst of noise: what comes before the line was
# quiet for so long is no code, but nobody waits longer than SETTLE_MOST for it.
SETTLE_QUIET = 0.3
SETTLE_MOST = 2.0
# How often it is looked whether somebody wants to stop.
_SLICE = 0.2
# One broken code is a cable that was touched; so many in a row are a wrong baud rate or a broken scanner.
GARBLED_BEFORE_TOLD = 3
# Nobody scans where a screen says that the scanner is broken: after so much silence it may try again.
GARBLED_FOR = 10.0


class LineScanner:
    """See Source."""

    def __init__(self, address: str, ending: Ending) -> None:
        self._address = parse_address(address)
        self._ending = ending

    def follow(self, watch: Watch) -> None:
        """See Source."""
        wire = open_wire(self._address)
        try:
            _settle(wire, watch)
            watch.tell_status(DeviceStatus(DeviceState.ONLINE))
            self._listen(wire, watch)
        finally:
            wire.close()

    def _listen(self, wire: Wire, watch: Watch) -> None:
        framer = Framer(self._ending.end, self._ending.longest)
        garbled, heard_at = 0, time.monotonic()
        while not watch.stopping.is_set():
            data = wire.read(min(_SLICE, self._ending.pause))
            now = time.monotonic()
            codes = framer.feed(data)
            if data:
                heard_at = now
            elif framer.begun and now - heard_at >= self._ending.pause:
                codes = framer.pause()
            elif garbled and now - heard_at >= GARBLED_FOR:
                garbled = 0
                watch.tell_status(DeviceStatus(DeviceState.ONLINE))
            for text in map(as_text, codes):
                garbled = 0 if is_clean(text) else garbled + 1
                if garbled >= GARBLED_BEFORE_TOLD:
                    watch.tell_status(DeviceStatus(DeviceState.HARDWARE_ERROR, "garbled"))
                elif not garbled:
                    watch.tell_status(DeviceStatus(DeviceState.ONLINE))
                    watch.tell_codes([text])

    def wake(self) -> None:
        """See Source."""

    def check(self, fresh: bool) -> DeviceStatus:
        """See Source. A scanner is silent until it has a code, so that only its port can be asked."""
        try:
            open_wire(self._address).close()
            return DeviceStatus(DeviceState.ONLINE)
        except DriverError as error:
            return DeviceStatus(DeviceState.OFFLINE, error.code)


def _settle(wire: Wire, watch: Watch) -> None:
    end = time.monotonic() + SETTLE_MOST
    while time.monotonic() < end and not watch.stopping.is_set() and wire.read(SETTLE_QUIET):
        pass
