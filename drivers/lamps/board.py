"""One open relay board: a question, an answer. Used by the device's thread and by technicians' commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from types import MappingProxyType, TracebackType

from drivers.errors import BadAnswer, DriverError, NoAnswer
from drivers.lamps import codec
from drivers.status import DeviceState, DeviceStatus
from drivers.wire import open_wire, parse_address

# As boards are delivered.
BAUDRATE = "9600"
# Boards answer within 50 ms; Modbus over Serial Line, 2.4.1, names 1 s for a unit at 9600 baud.
ANSWER_TIMEOUT = 1.0
# One lost answer is noise: a write may be said twice. This many in a row are a broken line.
TRIES = 2
# A board that is busy asks to be tried again later.
BUSY_TRIES = 4
BUSY_PAUSE = 0.2
# The silence of 3.5 characters that ends a frame: 4 ms at 9600 baud, and USB adapters add their own.
FRAME_GAP = 0.005
# After so long a silence a frame that began will not go on (the protocol allows 1.5 characters, adapters far more).
FRAME_END = 0.3
# Whether to give up is looked at so often while waiting, so that a stop is quick.
_SLICE = 0.1


class Board:
    """Opened on construction. No method waits longer than TRIES * ANSWER_TIMEOUT for one frame (busy: 1 s more)."""

    def __init__(self, port: str, unit: int, give_up: Callable[[], bool] = lambda: False) -> None:
        """Raises ConfigError, DeviceGone."""
        address = parse_address(port)
        if address.scheme == "serial" and "baudrate" not in address.options:
            address = replace(address, options=MappingProxyType({**address.options, "baudrate": BAUDRATE}))
        self._unit, self._give_up = unit, give_up
        self._wire = open_wire(address)

    def write(self, coil: int, on: bool) -> None:
        """Switch one coil. Raises DeviceGone, NoAnswer, BadAnswer."""
        self._ask(codec.write_coil(self._unit, coil, on))

    def read(self, coils: Iterable[int]) -> dict[int, bool]:
        """How these coils are. Raises DeviceGone, NoAnswer, BadAnswer."""
        wanted = sorted(coils)
        first, count = wanted[0], wanted[-1] - wanted[0] + 1
        found = codec.coils(self._ask(codec.read_coils(self._unit, first, count)), first, count)
        return {coil: found[coil] for coil in wanted}

    def close(self) -> None:
        """Let go of the port. Never raises."""
        self._wire.close()

    def __enter__(self) -> Board:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _ask(self, request: bytes) -> bytes:
        lost = busy = 0
        while True:
            try:
                return self._ask_once(request)
            except (NoAnswer, BadAnswer) as error:
                if error.code == "busy":
                    busy += 1
                    time.sleep(BUSY_PAUSE)
                else:
                    lost += 1
                if busy >= BUSY_TRIES or lost >= TRIES or self._give_up():
                    raise

    def _ask_once(self, request: bytes) -> bytes:
        time.sleep(FRAME_GAP)
        self._wire.drain()
        self._wire.write(request)
        heard, deadline = b"", time.monotonic() + ANSWER_TIMEOUT
        quiet_at = deadline
        while (now := time.monotonic()) < min(deadline, quiet_at) and not self._give_up():
            new = self._wire.read(min(deadline - now, _SLICE))
            # noise without end must not grow; the longest answer is far shorter
            heard = (heard + new)[-1024:]
            data = codec.answer_to(request, heard)
            if data is not None:
                return data
            if new and heard != request:  # an echo of our own does not start the answer
                quiet_at = time.monotonic() + FRAME_END
        raise codec.damage(request, heard) or NoAnswer()


def board_status(error: DriverError) -> DeviceStatus:
    """What an error of the board says of the device."""
    if error.code in ("busy", "in-use"):
        return DeviceStatus(DeviceState.DEVICE_BUSY, error.code)
    state = DeviceState.HARDWARE_ERROR if isinstance(error, BadAnswer) else DeviceState.OFFLINE
    return DeviceStatus(state, error.code)
