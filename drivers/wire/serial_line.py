"""A serial line, also one that a USB adapter or a pty makes.

serial:/dev/ttyS0?baudrate=9600&parity=even&flow=xonxoff     parity none, even, odd; flow none, rtscts, xonxoff
"""

from __future__ import annotations

import contextlib
import errno
import termios

import serial

from drivers.errors import ConfigError, DeviceGone, NoAnswer
from drivers.wire.address import Address

DEFAULT_BAUDRATE = 115200
_PARITY = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}
_FLOW = ("none", "rtscts", "xonxoff")
# An unplugged port gives SerialException, EIO or termios.error.
_GONE = (OSError, termios.error, TypeError)


class SerialLine:
    """8 bits, 1 stop bit, opened for us alone: a second program would steal the answers."""

    def __init__(self, address: Address, write_timeout: float) -> None:
        baudrate = address.number("baudrate", DEFAULT_BAUDRATE)
        parity, flow = address.options.get("parity", "none"), address.options.get("flow", "none")
        if baudrate <= 0 or parity not in _PARITY or flow not in _FLOW:
            raise ConfigError(detail=f"baudrate > 0, parity {'/'.join(_PARITY)}, flow {'/'.join(_FLOW)}")
        # what the line carries in a quarter of the timeout (10 bits a byte), so that a slow line is not a stuck one
        self._piece = max(16, int(baudrate / 10 * write_timeout / 4))
        ways = {} if flow == "none" else {flow: True}
        try:
            self._serial = serial.Serial(
                address.path, baudrate, parity=_PARITY[parity], timeout=0, write_timeout=write_timeout, exclusive=True,
                **ways,
            )  # fmt: skip
        except (OSError, ValueError, termios.error) as error:
            raise DeviceGone(_why(error), type(error).__name__) from error

    def write(self, data: bytes) -> None:
        """See Wire."""
        try:
            for start in range(0, len(data), self._piece):
                self._serial.write(data[start : start + self._piece])
        except serial.SerialTimeoutException as error:
            with contextlib.suppress(*_GONE):  # else closing waits up to 30 s for it, and it may go out much later
                self._serial.reset_output_buffer()
            raise NoAnswer() from error
        except _GONE as error:
            raise DeviceGone(detail=type(error).__name__) from error

    def read(self, timeout: float) -> bytes:
        """See Wire."""
        try:
            self._serial.timeout = timeout
            first: bytes = self._serial.read(1)
            if not first:
                return b""
            self._serial.timeout = 0
            return first + bytes(self._serial.read(self._serial.in_waiting or 1))
        except _GONE as error:  # pyserial gives TypeError when it is closed by another thread
            raise DeviceGone(detail=type(error).__name__) from error

    def drain(self) -> None:
        """See Wire."""
        try:
            self._serial.reset_input_buffer()
        except _GONE as error:
            raise DeviceGone(detail=type(error).__name__) from error

    def close(self) -> None:
        """See Wire."""
        with contextlib.suppress(OSError, termios.error):
            self._serial.close()


def _why(error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number in (errno.EAGAIN, errno.EBUSY):
        return "in-use"
    return "not-allowed" if number in (errno.EACCES, errno.EPERM) else "gone"
